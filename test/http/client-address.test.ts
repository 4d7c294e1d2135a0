import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { addressGroup, clientAddress, trustedProxies } from "../../src/http/client-address.ts";
import { useTestNode } from "../helpers/node.ts";

/** A request as Node hands it over, from a peer that no test could call from. */
const from = (remoteAddress: string, headers: IncomingHttpHeaders) =>
  ({ socket: { remoteAddress }, headers: { host: "inside:4000", ...headers } }) as unknown as IncomingMessage;

const trust = (...entries: string[]) => {
  const trusted = trustedProxies(entries);
  if (trusted === null) throw new Error(`not understood: ${entries}`);
  return trusted;
};

describe("the address of the client", () => {
  const proxies = trust("10.0.0.0/8", "fd00::/8");

  it.each([
    ["nobody in between", "198.51.100.7", {}, "198.51.100.7"],
    [
      "a header of someone who is no proxy",
      "198.51.100.7",
      { "x-forwarded-for": "203.0.113.1" },
      "198.51.100.7",
    ],
    ["one proxy", "10.1.1.1", { "x-forwarded-for": "203.0.113.1" }, "203.0.113.1"],
    [
      "what a client wrote before its proxy",
      "10.1.1.1",
      { "x-forwarded-for": "1.2.3.4, 127.0.0.1, 203.0.113.1" },
      "203.0.113.1",
    ],
    [
      "a chain of proxies",
      "10.1.1.1",
      { "x-forwarded-for": "203.0.113.1, 10.2.2.2, 10.3.3.3" },
      "203.0.113.1",
    ],
    ["proxies alone", "10.1.1.1", { "x-forwarded-for": "10.2.2.2" }, "10.2.2.2"],
    ["no header", "10.1.1.1", {}, "10.1.1.1"],
    ["nonsense", "10.1.1.1", { "x-forwarded-for": "203.0.113.1, <script>" }, "10.1.1.1"],
    ["a port", "10.1.1.1", { "x-forwarded-for": "203.0.113.1:4711" }, "203.0.113.1"],
    ["IPv6 that is IPv4", "::ffff:10.1.1.1", { "x-forwarded-for": "::ffff:203.0.113.1" }, "203.0.113.1"],
    ["IPv6", "fd00::1", { "x-forwarded-for": "2001:db8::7" }, "2001:db8::7"],
    [
      "Forwarded",
      "10.1.1.1",
      { forwarded: 'for="[2001:db8::7]:99";proto=https, for=10.9.9.9' },
      "2001:db8::7",
    ],
    ["Forwarded, quoted separators", "10.1.1.1", { forwarded: 'for=203.0.113.1;by="a,b;c"' }, "203.0.113.1"],
    ["Forwarded, hidden", "10.1.1.1", { forwarded: "for=203.0.113.1, for=_hidden" }, "10.1.1.1"],
    [
      "both headers",
      "10.1.1.1",
      { forwarded: "for=203.0.113.9", "x-forwarded-for": "203.0.113.1" },
      "203.0.113.9",
    ],
  ])("with %s", (_name, peer, headers, expected) => {
    expect(clientAddress(from(peer, headers), proxies).ip).toBe(expected);
  });

  it("takes protocol and host from a trusted proxy and from nobody else", () => {
    const headers = {
      "x-forwarded-for": "203.0.113.1",
      "x-forwarded-proto": "https",
      "x-forwarded-host": "speech.example",
    };
    expect(clientAddress(from("10.1.1.1", headers), proxies)).toMatchObject({
      protocol: "https",
      host: "speech.example",
    });
    expect(clientAddress(from("198.51.100.7", headers), proxies)).toMatchObject({
      protocol: "http",
      host: "inside:4000",
    });
  });

  it("reads a header of 100,000 hops at once", () => {
    const hops = Array(100_000).fill("10.2.2.2").join(", ");
    const started = performance.now();
    expect(clientAddress(from("10.1.1.1", { "x-forwarded-for": `203.0.113.1, ${hops}` }), proxies).ip).toBe(
      "10.2.2.2",
    );
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it("knows networks, single addresses and names, and nothing else", () => {
    expect(trust("loopback")("127.8.8.8")).toBe(true);
    expect(trust("loopback")("::1")).toBe(true);
    expect(trust("private")("192.168.7.7")).toBe(true);
    expect(trust("203.0.113.5")("203.0.113.6")).toBe(false);
    for (const wrong of ["10.0.0.0/33", "10.0.0/8", "everything", "10.0.0.0/8/8", "2001:db8::/129", ""]) {
      expect(trustedProxies([wrong]), wrong).toBeNull();
    }
  });

  it("counts an IPv6 network as one caller", () => {
    expect(addressGroup("2001:db8:1:2::1")).toBe(addressGroup("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    expect(addressGroup("2001:db8:1:2::1")).not.toBe(addressGroup("2001:db8:1:3::1"));
    expect(addressGroup("::1")).toBe("0:0:0:0::/64");
    expect(addressGroup("203.0.113.1")).toBe("203.0.113.1");
  });
});

describe("behind a trusted proxy that ends TLS", () => {
  const node = useTestNode("embedded", { TRUSTED_PROXIES: "loopback" });

  it("links and HSTS are those of the client's side", async () => {
    const forwarded = {
      "X-Forwarded-For": "203.0.113.1",
      "X-Forwarded-Proto": "https",
      "X-Forwarded-Host": "speech.example",
    };
    const secure = await fetch(`${node.url}/graphql?query={__typename}`, { headers: forwarded });
    expect(secure.headers.get("strict-transport-security")).toBe("max-age=31536000; includeSubDomains");
    const page = await fetch(`${node.url}/graphql`, { headers: { ...forwarded, Accept: "text/html" } });
    expect(page.headers.get("content-security-policy")).toContain("wss://speech.example");
    const plain = await fetch(`${node.url}/graphql?query={__typename}`);
    expect(plain.headers.get("strict-transport-security")).toBeNull();
  });
});
