import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { WebSocket } from "ws";

/** An answer as it came, with nothing smoothed over. */
export interface RawAnswer {
  readonly status: number;
  readonly text: string;
}

/** Opens a connection from one of the many addresses of this machine. */
export async function openSocket(url: string, localAddress: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), localAddress });
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** Sends bytes as they are and reads until the server ends the connection. */
export async function sendRaw(url: string, localAddress: string, bytes: string | Buffer): Promise<RawAnswer> {
  const socket = await openSocket(url, localAddress);
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.write(bytes);
  await once(socket, "close");
  const text = Buffer.concat(chunks).toString();
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text };
}

/** Opens a WebSocket, acts, and waits for its end; the close code, or the status of a refused handshake. */
export function hostileSocket(
  url: string,
  options: {
    readonly localAddress: string;
    readonly protocols?: string | string[];
    readonly headers?: Record<string, string>;
  },
  act: (socket: WebSocket) => void,
): Promise<{ readonly code: number; readonly messages: readonly string[] }> {
  const { protocols = "graphql-transport-ws", localAddress, headers = {} } = options;
  return new Promise((resolve) => {
    const messages: string[] = [];
    const socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, protocols, {
      localAddress,
      headers,
    });
    socket.on("message", (message) => messages.push(String(message)));
    socket.once("unexpected-response", (_request, response) => {
      response.resume();
      resolve({ code: response.statusCode ?? 0, messages });
    });
    socket.on("error", () => {});
    socket.once("open", () => act(socket));
    socket.once("close", (code) => resolve({ code, messages }));
  });
}
