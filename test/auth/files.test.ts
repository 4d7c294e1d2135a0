import { beforeAll, describe, expect, it } from "vitest";
import { signPath } from "../../src/auth/file.ts";
import { openServerSecret } from "../../src/auth/secret.ts";
import { SpeakerClient } from "../../src/client/client.ts";
import { Synthesize } from "../../src/client/operations.ts";
import { bearer, post } from "../helpers/caller.ts";
import { finished } from "../helpers/jobs.ts";
import { useTestNode } from "../helpers/node.ts";

const KEY = "alice-secret-0123456789";
const READER = "reader-secret-0123456789";
const ROOT = "root-secret-0123456789";
const PEPPER = "pepper-pepper-pepper-pepper-pepper";
const env = {
  API_KEYS: `alice:${KEY}:synthesize;reader:${READER}:voices:read:tenant=alice;root:${ROOT}:admin`,
  KEY_PEPPER: PEPPER,
  RATE_LIMIT_PER_MINUTE: "0",
  AUDIO_URL_TTL_SECONDS: "600",
};

describe("addresses of audio where keys are needed", () => {
  const node = useTestNode("embedded", env);
  let url: URL;
  let path = "";
  const open = async (address: URL | string, headers: Record<string, string> = {}) => {
    const response = await fetch(address, { headers });
    const body = Buffer.from(await response.arrayBuffer());
    const json = response.headers.get("content-type")?.includes("json") === true;
    return { status: response.status, body, code: json ? JSON.parse(body.toString()).error.code : null };
  };
  const changed = (name: string, value: string) => {
    const copy = new URL(url);
    copy.searchParams.set(name, value);
    return copy;
  };

  beforeAll(async () => {
    const client = new SpeakerClient(node.url, { apiKey: KEY });
    const input = { text: "For those who have the address.", voiceId: "af_heart" };
    const { synthesize } = await client.request(Synthesize, { input });
    const { audio } = await finished(client, (synthesize as { id: string }).id);
    url = new URL(audio?.url ?? "");
    path = url.pathname;
  });

  it("open it without a key, for as long as they say, and to ranges and downloads", async () => {
    expect(Math.abs(Number(url.searchParams.get("expires")) - Date.now() / 1000 - 600)).toBeLessThan(60);
    const whole = await open(url);
    expect([whole.status, whole.body.length > 1000]).toEqual([200, true]);
    expect(await open(url, { Range: "bytes=0-9" })).toMatchObject({
      status: 206,
      body: whole.body.subarray(0, 10),
    });
    expect((await fetch(changed("download", "1"))).headers.get("content-disposition")).toMatch(/^attachment/);
    expect((await fetch(url, { method: "HEAD" })).status).toBe(200);
  });

  it("are opened by a key in place of the signature", async () => {
    const bare = url.origin + path;
    expect(await open(bare, bearer(KEY))).toMatchObject({ status: 200 });
    expect(await open(bare, { "X-API-Key": KEY })).toMatchObject({ status: 200 });
    expect(await open(bare)).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
    expect(await open(bare, bearer("wrong-secret-0123456789"))).toMatchObject({ status: 401 });
    expect(await open(bare, bearer(READER))).toMatchObject({ status: 403, code: "FORBIDDEN" });
  });

  it("leave it in the audit log that a key was tried which does not hold", async () => {
    await open(url.origin + path, bearer("guess-secret-0123456789"));
    const query = '{ auditLog(filter: { actions: ["key.use"] }) { edges { node { outcome actor } } } }';
    const { body } = await post(node.url, query, {}, bearer(ROOT));
    expect(body.data.auditLog.edges).toMatchObject([{ node: { outcome: "REFUSED", actor: "unknown" } }]);
  });

  it("are refused when anything of them is changed", async () => {
    const signature = url.searchParams.get("signature") ?? "";
    const flipped = (signature.startsWith("A") ? "B" : "A") + signature.slice(1);
    const other = new URL(url);
    other.pathname = "/audio/0190a000-0000-7000-8000-00000000dead";
    const tried = [
      changed("signature", flipped),
      changed("signature", signature.slice(0, -2)),
      changed("signature", ""),
      changed("signature", "ä"),
      changed("expires", String(Number(url.searchParams.get("expires")) + 1)),
      changed("expires", "9e99"),
      changed("expires", ""),
      other,
    ];
    for (const each of tried)
      expect(await open(each), each.href).toMatchObject({ status: 403, code: "FORBIDDEN" });
    // Not even a key helps: what is wrong is said.
    expect(await open(changed("signature", flipped), bearer(KEY))).toMatchObject({ status: 403 });
  });

  it("answer 410 once their time is over, and belong to one tenant", async () => {
    const secret = await openServerSecret({ pepper: PEPPER, dataDir: "", db: null as never, embedded: true });
    const signed = (tenant: string, seconds: number) =>
      `${url.origin}${path}?${signPath(secret, path, tenant, seconds)}`;
    expect(await open(signed("alice", 60))).toMatchObject({ status: 200 });
    expect(await open(signed("alice", -1))).toMatchObject({ status: 410, code: "LINK_EXPIRED" });
    expect(await open(signed("bob", 60))).toMatchObject({ status: 403 });
    expect(await open(signed("", 60))).toMatchObject({ status: 403 });
  });
});
