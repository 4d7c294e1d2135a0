import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";

/** Where a request came from, as far as it can be believed. */
export interface ClientAddress {
  readonly ip: string | null;
  /** What the client spoke to the outermost proxy that is trusted. */
  readonly protocol: "http" | "https";
  /** The host the client asked for; null when the request names none. */
  readonly host: string | null;
}

/** Addresses whose forwarding headers are believed. */
export type TrustedProxies = (address: string) => boolean;

/** The networks that have a name in `TRUSTED_PROXIES`. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ["127.0.0.0/8", "::1/128"],
  private: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10"],
};

/** More hops than any chain of proxies has: what lies before is not read. */
const MAX_HOPS = 32;

/**
 * Networks (`10.0.0.0/8`, a single address, `loopback`, `private`) as one question.
 *
 * @returns null when an entry is none of these.
 */
export function trustedProxies(entries: readonly string[]): TrustedProxies | null {
  if (entries.length === 0) return () => false;
  const list = new BlockList();
  for (const entry of entries.flatMap((name) => NAMED[name] ?? [name])) {
    const [address = "", bits, ...rest] = entry.split("/");
    const family = isIP(address);
    const widest = family === 6 ? 128 : 32;
    const prefix = bits === undefined ? widest : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
    if (family === 0 || rest.length > 0 || prefix < 0 || prefix > widest) return null;
    list.addSubnet(address, prefix, family === 6 ? "ipv6" : "ipv4");
  }
  return (address) => {
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 6 ? "ipv6" : "ipv4");
  };
}

/**
 * The client behind trusted proxies. Each proxy appends the address it was called from, so the list is read
 * from its end and the first address that is not a trusted proxy's is the client; what stands before it was
 * written by the client itself. `Forwarded` (RFC 7239) and `X-Forwarded-*` are read, the former first.
 */
export function clientAddress(request: IncomingMessage, trusted: TrustedProxies): ClientAddress {
  const peer = plainAddress(request.socket.remoteAddress ?? "");
  const direct: ClientAddress = {
    ip: peer,
    protocol: "encrypted" in request.socket ? "https" : "http",
    host: request.headers.host ?? null,
  };
  if (peer === null || !trusted(peer)) return direct;
  const hops = forwardedHops(request) ?? legacyHops(request);
  let ip = peer;
  let nearest: Hop | null = null;
  for (const hop of hops.slice(-MAX_HOPS).reverse()) {
    nearest = hop;
    // A proxy that hides or garbles its caller: the proxy itself is the last that is known.
    if (hop.for === null) break;
    ip = hop.for;
    if (!trusted(ip)) break;
  }
  return {
    ip,
    protocol: nearest?.proto ?? direct.protocol,
    host: nearest?.host ?? direct.host,
  };
}

interface Hop {
  readonly for: string | null;
  readonly proto: "http" | "https" | null;
  readonly host: string | null;
}

function forwardedHops({ headers }: IncomingMessage): Hop[] | null {
  const header = headers.forwarded;
  if (header === undefined) return null;
  return splitOutsideQuotes(header, ",").map((element) => {
    const pairs = new Map(
      splitOutsideQuotes(element, ";").map((pair) => {
        const [name = "", ...value] = pair.split("=");
        return [name.trim().toLowerCase(), value.join("=").trim().replace(/^"|"$/g, "")] as const;
      }),
    );
    return {
      for: plainAddress(pairs.get("for") ?? ""),
      proto: protocolOf(pairs.get("proto")),
      host: pairs.get("host") ?? null,
    };
  });
}

function legacyHops({ headers }: IncomingMessage): Hop[] {
  const list = (name: string) => String(headers[name] ?? "").split(",");
  const addresses = list("x-forwarded-for");
  // Proxies mostly set these two once, for the whole chain.
  const proto = protocolOf(list("x-forwarded-proto").at(-1)?.trim());
  const host = list("x-forwarded-host").at(-1)?.trim() || null;
  return addresses.map((address) => ({ for: plainAddress(address.trim()), proto, host }));
}

function splitOutsideQuotes(text: string, separator: "," | ";"): string[] {
  let quoted = false;
  const parts = [""];
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (character === separator && !quoted) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}

function protocolOf(value: string | undefined): "http" | "https" | null {
  const lower = value?.toLowerCase();
  return lower === "http" || lower === "https" ? lower : null;
}

/** An address without brackets, port, zone and the IPv6 form of IPv4; null when it is none. */
function plainAddress(text: string): string | null {
  const bracketed = /^\[([0-9A-Fa-f:.]+)(?:%[\w.-]+)?\](?::\d+)?$/.exec(text)?.[1];
  const withPort = /^(\d{1,3}(?:\.\d{1,3}){3}):\d+$/.exec(text)?.[1];
  const address = (bracketed ?? withPort ?? text).replace(/%.*$/, "");
  if (isIP(address) === 0) return null;
  return /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1] ?? address.toLowerCase();
}

/**
 * What one client counts as: an IPv4 address, or the /64 network of an IPv6 address, because a single
 * household or machine is given a whole one.
 */
export function addressGroup(ip: string | null): string {
  if (ip === null) return "unknown";
  if (isIP(ip) !== 6) return ip;
  const [head = "", tail] = ip.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(missing).fill("0"), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}
