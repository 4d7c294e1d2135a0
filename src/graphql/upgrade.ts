import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocketServer } from "ws";
import { identifyCaller } from "../auth/caller.ts";
import { NotFoundError, SpeakerError } from "../errors.ts";
import { guardUpgrade } from "../http/guard.ts";
import { requestFacts } from "../http/request.ts";
import { limitMessages, SocketSeats } from "../limits/sockets.ts";
import type { Resources } from "../resources.ts";
import { GRAPHQL_PATH } from "./server.ts";

/** About how long a full node takes to have a place for another connection. */
const FULL_RETRY_SECONDS = 30;

/** Decides, before the handshake, who may open a WebSocket: by page, by rate and by how many there are. */
export function acceptUpgrades(server: Server, sockets: WebSocketServer, resources: Resources): void {
  const { config, log } = resources;
  const seats = new SocketSeats(config.websockets);
  sockets.on("connection", (socket) => {
    // A client that breaks the protocol is closed by the library; it is no fault of ours.
    socket.on("error", (error) => log.debug({ err: error }, "broken WebSocket"));
    limitMessages(socket, config.websockets.maxMessagesPerSecond);
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    admit(request, resources, seats).then(
      (release) => {
        socket.once("close", release);
        if (socket.destroyed) release();
        else
          sockets.handleUpgrade(request, socket, head, (client) =>
            sockets.emit("connection", client, request),
          );
      },
      (error: unknown) => {
        if (!(error instanceof SpeakerError)) log.error({ err: error }, "fault in a handshake");
        refuse(
          socket,
          error instanceof SpeakerError ? error : new SpeakerError("INTERNAL", "An unexpected fault."),
        );
      },
    );
  });
}

/** @returns what gives the connection's place back. */
async function admit(
  request: IncomingMessage,
  resources: Resources,
  seats: SocketSeats,
): Promise<() => void> {
  const { config, rateLimits, auth } = resources;
  const facts = requestFacts(request, config);
  const path = (request.url ?? "/").replace(/[?#].*$/s, "");
  if (path !== GRAPHQL_PATH) throw new NotFoundError(`Nothing is here. GraphQL is at ${GRAPHQL_PATH}.`);
  guardUpgrade(request, resources, facts);
  const release = seats.take(facts.ip);
  if (release === null) throw new FullError();
  try {
    const { identity } = await identifyCaller(auth, request.headers);
    await rateLimits.charge(rateLimits.callerOf(identity, facts.ip));
    return release;
  } catch (error) {
    release();
    throw error;
  }
}

class FullError extends SpeakerError {
  constructor() {
    super("TOO_MANY_CONNECTIONS", "As many connections are open, here or from this address, as are allowed.");
  }

  override get headers(): Readonly<Record<string, string>> {
    return { "Retry-After": String(FULL_RETRY_SECONDS) };
  }
}

function refuse(socket: Duplex, error: SpeakerError): void {
  const body = JSON.stringify({ error: { code: error.code, message: error.message } });
  const headers = {
    ...error.headers,
    Connection: "close",
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": String(Buffer.byteLength(body)),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}\r\n${lines.join("")}\r\n${body}`);
}
