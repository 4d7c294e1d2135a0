import type { WebSocket } from "ws";
import type { Config } from "../config.ts";
import { addressGroup } from "../http/client-address.ts";

/** Close code "policy violation" (RFC 6455 §7.4.1). */
const POLICY_VIOLATION = 1008;
const NORMAL_CLOSURE = 1000;
/** A client may bring this many seconds' worth of messages at once. */
const BURST_SECONDS = 2;
/** One that does not answer the closing handshake is cut off after this. */
const CLOSING_MS = 2_000;

/** Counts open WebSockets, in all and by address. */
export class SocketSeats {
  readonly #limits: Pick<Config["websockets"], "max" | "maxPerAddress">;
  readonly #byAddress = new Map<string, number>();
  #open = 0;

  constructor(limits: Pick<Config["websockets"], "max" | "maxPerAddress">) {
    this.#limits = limits;
  }

  /** @returns what gives the seat back, once; null when there is none left. */
  take(ip: string | null): (() => void) | null {
    const address = addressGroup(ip);
    const here = this.#byAddress.get(address) ?? 0;
    if (this.#open >= this.#limits.max || here >= this.#limits.maxPerAddress) return null;
    this.#open += 1;
    this.#byAddress.set(address, here + 1);
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      this.#open -= 1;
      const left = (this.#byAddress.get(address) ?? 1) - 1;
      if (left === 0) this.#byAddress.delete(address);
      else this.#byAddress.set(address, left);
    };
  }
}

/** Cuts a client off that sends more messages than it may. Must listen before whoever reads the messages. */
export function limitMessages(socket: WebSocket, perSecond: number): void {
  const burst = perSecond * BURST_SECONDS;
  let left = burst;
  let at = performance.now();
  const count = () => {
    const now = performance.now();
    left = Math.min(burst, left + ((now - at) / 1000) * perSecond);
    at = now;
    left -= 1;
    if (left >= 0) return;
    // Those that are on their way are not read any more, by anybody.
    socket.removeAllListeners("message");
    closeFirmly(socket, POLICY_VIOLATION, "Too many messages");
  };
  socket.on("message", count);
  socket.on("ping", count);
}

/** Closes a connection on which nothing has been under way for `idleMs`. */
export function closeWhenIdle(socket: WebSocket, idleMs: number, busy: () => boolean): void {
  let timer: NodeJS.Timeout;
  const look = () => {
    if (busy()) wait();
    else closeFirmly(socket, NORMAL_CLOSURE, "Idle");
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(look, idleMs);
  };
  wait();
  socket.on("message", wait);
  socket.once("close", () => clearTimeout(timer));
}

function closeFirmly(socket: WebSocket, code: number, reason: string): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.close(code, reason);
  const cut = setTimeout(() => socket.terminate(), CLOSING_MS);
  socket.once("close", () => clearTimeout(cut));
}
