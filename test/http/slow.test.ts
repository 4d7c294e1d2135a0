import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { useTestNode } from "../helpers/node.ts";

/** Sends this and then nothing; what comes back until the server ends the connection. */
async function talk(url: string, ...sent: string[]): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port: Number(new URL(url).port) });
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  socket.on("error", () => {});
  await once(socket, "connect");
  for (const text of sent) socket.write(text);
  await once(socket, "close");
  return answer;
}

describe("slow and oversized clients", () => {
  const node = useTestNode("embedded", {
    HEADERS_TIMEOUT_SECONDS: "1",
    REQUEST_TIMEOUT_SECONDS: "1",
    UPLOAD_TIMEOUT_SECONDS: "1",
    WEBSOCKET_IDLE_SECONDS: "1",
    WEBSOCKETS_PER_ADDRESS: "3",
    WEBSOCKET_OPERATIONS: "2",
    WEBSOCKET_MESSAGES_PER_SECOND: "20",
  });
  const socketUrl = () => `${node.url.replace("http", "ws")}/graphql`;

  it("are cut off: nothing said, headers never ended, a body that does not come", async () => {
    const post = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    const answers = await Promise.all([
      talk(node.url),
      talk(node.url, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n", "X-Slow: 1"),
      talk(node.url, `${post}Content-Length: 100\r\n\r\n`, '{"query":'),
      talk(node.url, `${post}Transfer-Encoding: chunked\r\n\r\n`, "5\r\n"),
      talk(node.url, `${post}Content-Length: 100\r\n\r\n`.replace("/graphql", "/v1/audio/speech"), "{"),
    ]);
    for (const answer of answers) expect(answer === "" || answer.startsWith("HTTP/1.1 408")).toBe(true);
  });

  it("with too long headers are told so", async () => {
    const long = `GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: ${"a".repeat(20_000)}\r\n\r\n`;
    expect(await talk(node.url, long)).toMatch(/^HTTP\/1.1 431/);
  });

  it.each(["//", "/%", "/\\", "http://[", "*", "/graphql%00", "/..//..//etc/passwd", "/audio/%2e%2e%2fetc"])(
    "with a strange target get an answer: %s",
    async (target) => {
      const answer = await talk(
        node.url,
        `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1.1 4\d\d /);
      const upgrade = `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
      expect(await talk(node.url, upgrade)).toMatch(/^HTTP\/1.1 4\d\d /);
      expect((await fetch(`${node.url}/healthz`)).status).toBe(200);
    },
  );

  const init = JSON.stringify({ type: "connection_init" });
  const open = async () => {
    const socket = new WebSocket(socketUrl(), "graphql-transport-ws");
    const messages: { id?: string; type: string; payload?: unknown }[] = [];
    socket.on("message", (data) => messages.push(JSON.parse(String(data))));
    const closed = once(socket, "close").then(([code]) => code as number);
    await once(socket, "open");
    return { socket, messages, closed };
  };

  it("have an idle WebSocket closed, but not one that waits for something", async () => {
    const idle = await open();
    idle.socket.send(init);
    const busy = await open();
    busy.socket.send(init);
    await once(busy.socket, "message");
    busy.socket.send(
      JSON.stringify({
        id: "1",
        type: "subscribe",
        payload: { query: "subscription { metrics(intervalMs: 10000) { at } }" },
      }),
    );
    expect(await idle.closed).toBe(1000);
    const later = await open();
    later.socket.send(init);
    expect(await later.closed).toBe(1000);
    expect(busy.socket.readyState).toBe(WebSocket.OPEN);
    busy.socket.close();
    await busy.closed;
  });

  it("have a WebSocket closed that floods", async () => {
    const { socket, closed } = await open();
    socket.send(init);
    for (let i = 0; i < 200; i += 1) socket.send(JSON.stringify({ type: "ping" }));
    expect(await closed).toBe(1008);
  });

  it("get so many WebSockets of an address, and places given back", async () => {
    const three = await Promise.all([open(), open(), open()]);
    const refused = await new Promise((resolve) => {
      const fourth = new WebSocket(socketUrl(), "graphql-transport-ws");
      fourth.once("unexpected-response", (_request, response) => {
        response.resume();
        resolve([response.statusCode, response.headers["retry-after"] !== undefined]);
      });
      fourth.on("error", () => {});
    });
    expect(refused).toEqual([503, true]);
    for (const { socket } of three) socket.close();
    await Promise.all(three.map(({ closed }) => closed));
    const again = await open();
    again.socket.close();
    await again.closed;
  });

  it("get so many operations on one WebSocket", async () => {
    const { socket, messages, closed } = await open();
    socket.send(init);
    await once(socket, "message");
    const query = "subscription { metrics(intervalMs: 10000) { at } }";
    for (const id of ["1", "2", "3"])
      socket.send(JSON.stringify({ id, type: "subscribe", payload: { query } }));
    while (!messages.some(({ type }) => type === "error")) await once(socket, "message");
    expect(messages.filter(({ type }) => type === "error")).toEqual([
      {
        id: "3",
        type: "error",
        payload: [expect.objectContaining({ extensions: expect.objectContaining({ code: "RATE_LIMITED" }) })],
      },
    ]);
    socket.close();
    await closed;
  });
});
