import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { useTestNode } from "../helpers/node.ts";

/** How often docs/streaming.md and docs/security.md say that a peer is pinged. */
const PING_MS = 12_000;

describe("a peer over a WebSocket", () => {
  const node = useTestNode("embedded", { ROLE: "api" });
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const open = async (autoPong: boolean) => {
    const url = `${node.url.replace("http", "ws")}/graphql`;
    const socket = new WebSocket(url, "graphql-transport-ws", { autoPong });
    await once(socket, "open");
    socket.send(JSON.stringify({ type: "connection_init" }));
    await once(socket, "message");
    return socket;
  };
  /** Once this has been answered the service has read whatever was sent before. */
  const heard = async (socket: WebSocket) => {
    socket.send(JSON.stringify({ type: "ping" }));
    expect(JSON.parse(String((await once(socket, "message"))[0]))).toEqual({ type: "pong" });
  };

  it("is cut off when it has not answered one ping by the next", async () => {
    const socket = await open(false);
    const pinged = once(socket, "ping");
    vi.advanceTimersByTime(PING_MS);
    await pinged;
    // What it sends besides is no answer.
    await heard(socket);
    const closed = once(socket, "close");
    vi.advanceTimersByTime(PING_MS);
    expect((await closed)[0]).toBe(1006);
  });

  it("stays as long as it answers", async () => {
    const socket = await open(true);
    for (let i = 0; i < 4; i += 1) {
      const pinged = once(socket, "ping");
      vi.advanceTimersByTime(PING_MS);
      await pinged;
      await heard(socket);
    }
    expect(socket.readyState).toBe(WebSocket.OPEN);
    const closed = once(socket, "close");
    socket.close();
    await closed;
  });
});
