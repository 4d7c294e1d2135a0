import { expect, it } from "vitest";
import { bearer } from "../helpers/caller.ts";

const JSON_TYPE = { "Content-Type": "application/json" };

/** What happens at /v1 below what a client of the hosted API shows. `key` may do everything. */
export function itSpeaksTheProtocol(node: { readonly url: string }, key: string): void {
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${node.url}${path}`, {
      ...init,
      headers: { ...bearer(key), ...(init.headers as Record<string, string>) },
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const speech = (body: string, headers: Record<string, string> = JSON_TYPE) =>
    ask("/v1/audio/speech", { method: "POST", headers, body });

  it.each([
    ["what is not JSON", "{", JSON_TYPE, 400, "bad_request"],
    ["JSON that is no object", "[1]", JSON_TYPE, 400, "invalid_value"],
    ["null", "null", JSON_TYPE, 400, "invalid_value"],
    ["a body of another type", "input=Hello", { "Content-Type": "text/csv" }, 415, "unsupported_media_type"],
    ["a body that is too large", `{"input":"${"a".repeat(1_000_001)}"}`, JSON_TYPE, 413, "request_too_large"],
  ])("refuses %s", async (_name, body, headers, status, code) => {
    const answer = await speech(body, headers);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({
      error: {
        message: expect.any(String),
        type: "invalid_request_error",
        param: status === 400 && code === "invalid_value" ? "body" : null,
        code,
      },
    });
  });

  it("refuses a body that grows too large on its way", async () => {
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(Buffer.alloc(100_000, "a"));
      },
    });
    const answer = await ask("/v1/audio/speech", {
      ...{ method: "POST", headers: JSON_TYPE, body },
      duplex: "half",
    } as RequestInit);
    expect(answer.status).toBe(413);
  });

  it.each([
    ["GET", "/v1/audio/speech"],
    ["POST", "/v1/models"],
    ["DELETE", "/v1/models/tts-1"],
    ["GET", "/v1/"],
    ["GET", "/v1/audio/speech/../../../etc/passwd"],
    ["GET", "/v1/models/%00"],
  ])("has nothing at %s %s", async (method, path) => {
    const response = await fetch(`${node.url}${path}`, {
      method,
      headers: { ...bearer(key), ...JSON_TYPE },
    });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { message: expect.any(String) } });
  });

  it("tells in its own shape what is refused at the door", async () => {
    const none = await fetch(`${node.url}/v1/models`);
    expect([none.status, none.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="speaker"']);
    expect(await none.json()).toMatchObject({ error: { code: "invalid_api_key", param: null } });
    const crossSite = await fetch(`${node.url}/v1/audio/speech`, {
      ...{ method: "POST", body: "{}" },
      headers: { "Content-Type": "text/plain" },
    });
    expect(crossSite.status).toBe(403);
    expect(await crossSite.json()).toMatchObject({ error: { code: "cross_site_request" } });
  });

  it("answers HEAD with the headers alone", async () => {
    const head = await fetch(`${node.url}/v1/models`, { method: "HEAD", headers: bearer(key) });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });
}
