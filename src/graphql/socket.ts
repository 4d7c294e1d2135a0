import type { IncomingMessage } from "node:http";
import { CloseCode, type Server } from "graphql-ws";
import type { Logger } from "pino";
import type { WebSocket } from "ws";

/** A peer that has not answered a ping by the next one is gone. */
const PING_MS = 12_000;

/** What the library keeps of a connection. */
export interface SocketExtra {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
}

/**
 * Lends a WebSocket to graphql-ws. Its own adaptor for `ws` prints the stack of every broken frame that a client
 * sends; here they go where everything goes, and only those that are faults of ours as such.
 */
export function attachSocket(
  server: Server<SocketExtra>,
  socket: WebSocket,
  request: IncomingMessage,
  log: Logger,
): void {
  let alive = true;
  const pings = setInterval(() => {
    if (!alive) socket.terminate();
    alive = false;
    socket.ping();
  }, PING_MS);
  socket.on("pong", () => {
    alive = true;
  });
  const closed = server.opened(
    {
      protocol: socket.protocol,
      send: (data) =>
        new Promise((resolve, reject) => {
          if (socket.readyState === socket.OPEN)
            socket.send(data, (error) => (error ? reject(error) : resolve()));
          else resolve();
        }),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (read) =>
        socket.on("message", (message) => {
          read(String(message)).catch((error: unknown) => {
            log.error({ err: error }, "fault in a connection");
            socket.close(CloseCode.InternalServerError, "Internal server error");
          });
        }),
    },
    { socket, request },
  );
  socket.once("close", (code, reason) => {
    clearInterval(pings);
    void closed(code, String(reason));
  });
}
