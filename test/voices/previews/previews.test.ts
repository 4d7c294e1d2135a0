import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { SpeakerClient } from "../../../src/client/client.ts";
import { LANGUAGES } from "../../../src/languages/language.ts";
import { previewSentence } from "../../../src/voices/previews/sentences.ts";
import { bearer, post } from "../../helpers/caller.ts";
import { describeDatabases } from "../../helpers/database.ts";
import { finished } from "../../helpers/jobs.ts";
import { useTestNode } from "../../helpers/node.ts";
import { API_KEYS, ask, mix, TENANT_KEYS, type Tenant } from "../../helpers/voices.ts";

const CREATE = `mutation ($id: ID!, $language: String) {
  createVoicePreview(voiceId: $id, language: $language) {
    __typename
    ... on VoicePreviewJob { id kind language { code } voice { id } }
    ... on Error { code message }
    ... on InvalidInputError { issues { path } }
  }
}`;
const PREVIEW = `query ($id: ID!, $language: String) {
  voice(id: $id) { preview(language: $language) { url contentType durationSeconds bytes sha256 text language { code } createdAt } }
}`;

it("has a sentence for every language", () => {
  const sentences = LANGUAGES.map(({ code }) => previewSentence(code));
  for (const sentence of sentences) expect(sentence.length).toBeGreaterThan(15);
  expect(previewSentence("de-AT")).toBe(previewSentence("de"));
  expect(previewSentence("tlh")).toBe("Klingon. 1, 2, 3, 4, 5, 6, 7, 8.");
});

describeDatabases("previews", (kind) => {
  const node = useTestNode(kind, { API_KEYS });
  const create = async (id: string, language: string | null = null, tenant: Tenant = "red") =>
    (await ask(node.url, tenant, CREATE, { id, language })).createVoicePreview;
  const preview = async (id: string, language: string | null = null, tenant: Tenant = "red") =>
    (await ask(node.url, tenant, PREVIEW, { id, language })).voice.preview;
  const done = async (id: string, tenant: Tenant = "red") =>
    (await finished(new SpeakerClient(node.url, { apiKey: TENANT_KEYS[tenant] }), id)).status;

  it("are there once they are made, and made once", async () => {
    const { id } = await mix(node.url, "red");
    expect(await preview(id)).toBeNull();
    const job = await create(id);
    expect(job).toMatchObject({ __typename: "VoicePreviewJob", kind: "VOICE_PREVIEW", voice: { id } });
    expect(await done(job.id)).toBe("SUCCEEDED");
    const made = await preview(id);
    expect(made).toMatchObject({
      contentType: "audio/mpeg",
      text: previewSentence("en-US"),
      language: { code: "en-US" },
    });
    expect(made.durationSeconds).toBeGreaterThan(1);
    expect((await create(id)).id).toBe(job.id);
    expect(await preview(id, "fr")).toBeNull();
    expect(await preview(id, "tlh")).toBeNull();
  });

  it("are served to their tenant and to who has the address, with ranges and validators", async () => {
    const { id } = await mix(node.url, "red");
    await done((await create(id, "it")).id);
    const { url, sha256, bytes } = await preview(id, "it");
    const whole = await fetch(url);
    expect(whole.status).toBe(200);
    const body = Buffer.from(await whole.arrayBuffer());
    expect(createHash("sha256").update(body).digest("hex")).toBe(sha256);
    expect(body).toHaveLength(bytes);
    const part = await fetch(url, { headers: { Range: "bytes=10-19" } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(body.subarray(10, 20));
    const again = await fetch(url, { headers: { "If-None-Match": whole.headers.get("etag") ?? "" } });
    expect(again.status).toBe(304);
    const path = `${node.url}/voices/${id}/preview/it`;
    expect((await fetch(path)).status).toBe(401);
    expect((await fetch(path, { headers: bearer(TENANT_KEYS.red) })).status).toBe(200);
    expect((await fetch(path, { headers: bearer(TENANT_KEYS.blue) })).status).toBe(404);
    expect((await fetch(url.replace("/preview/it", "/preview/fr"))).status).toBe(403);
    const { data } = (
      await post(
        node.url,
        `mutation { deleteVoice(id: "${id}") { __typename } }`,
        {},
        bearer(TENANT_KEYS.red),
      )
    ).body;
    expect(data.deleteVoice.__typename).toBe("DeletedVoice");
    expect((await fetch(path, { headers: bearer(TENANT_KEYS.red) })).status).toBe(404);
  });

  it("of stock voices are shared by all tenants", async () => {
    const red = await create("if_sara");
    expect(await done(red.id)).toBe("SUCCEEDED");
    const made = await preview("if_sara");
    expect(made.language.code).toBe("it");
    expect((await preview("if_sara", null, "blue")).sha256).toBe(made.sha256);
    const blue = await create("if_sara", null, "blue");
    expect(blue.id).not.toBe(red.id);
    expect(await done(blue.id, "blue")).toBe("SUCCEEDED");
    expect((await preview("if_sara", null, "blue")).createdAt).toBe(made.createdAt);
    expect((await fetch((await preview("if_sara", null, "blue")).url)).status).toBe(200);
  });

  it("are refused for what is not there or not spoken", async () => {
    const { id } = await mix(node.url, "red");
    expect((await create(id, null, "blue")).__typename).toBe("NotFoundError");
    expect((await create("nobody")).__typename).toBe("NotFoundError");
    expect((await create("if_sara", "tlh")).issues[0].path).toEqual(["language"]);
  });
});
