import { expect, it } from "vitest";
import { SpeakerClient } from "../../../src/client/client.ts";
import { describeDatabases } from "../../helpers/database.ts";
import { finished } from "../../helpers/jobs.ts";
import { useTestNode } from "../../helpers/node.ts";
import { API_KEYS, ask, mix, TENANT_KEYS } from "../../helpers/voices.ts";

const SPEAK = `mutation ($input: SynthesizeInput!) {
  synthesize(input: $input) {
    __typename
    ... on SynthesisJob { id voiceReference voice { id } language { code } }
    ... on InvalidInputError { issues { path message } }
  }
}`;

describeDatabases("mixes", (kind) => {
  const node = useTestNode(kind, { API_KEYS });
  const client = () => new SpeakerClient(node.url, { apiKey: TENANT_KEYS.red });
  const speak = async (voiceId: string, fields = {}, tenant: "red" | "blue" = "red") =>
    (await ask(node.url, tenant, SPEAK, { input: { text: "Hello.", voiceId, ...fields } })).synthesize;

  it("are voices at once, with what they were made of", async () => {
    const voice = await mix(node.url, "red", { tags: ["warm", "warm "], description: "Two of one kind" });
    expect(voice).toMatchObject({
      __typename: "Voice",
      kind: "MIXED",
      status: "READY",
      gender: "FEMALE",
      tags: ["warm"],
      language: { code: "en-US" },
      parts: [
        { voiceId: "af_heart", weight: 2, voice: { name: "Heart" } },
        { voiceId: "af_sky", weight: 1, voice: { name: "Sky" } },
      ],
    });
    const job = await speak(voice.id);
    expect((await finished(client(), job.id)).status).toBe("SUCCEEDED");
  });

  it("are made of mixes too, and speak every language", async () => {
    const first = await mix(node.url, "red", { parts: [{ voiceId: "am_adam", weight: 1 }] });
    const second = await mix(node.url, "red", {
      language: "EN-gb",
      parts: [
        { voiceId: first.id, weight: 1 },
        { voiceId: "bf_emma", weight: 1 },
      ],
    });
    expect(second).toMatchObject({ gender: "UNKNOWN", language: { code: "en-GB" } });
    expect(await speak(second.id, { language: "es" })).toMatchObject({ language: { code: "es" } });
    expect(await speak(second.id, { language: "en" })).toMatchObject({ language: { code: "en-GB" } });
    const refused = await speak(second.id, { language: "tlh" });
    expect(refused.issues[0].path).toEqual(["input", "language"]);
    expect(await speak("bf_emma", { language: "es" })).toMatchObject({ language: { code: "es" } });
    const other = await mix(node.url, "red", { parts: [{ voiceId: "espeak-de", weight: 1 }] });
    expect(other.issues[0].message).toMatch("only voices of kokoro can be mixed");
  });

  it.each([
    [{ parts: [] }, ["input", "parts"]],
    [{ parts: [{ voiceId: "nobody", weight: 1 }] }, ["input", "parts", "0", "voiceId"]],
    [{ parts: [{ voiceId: "af_sky", weight: 0 }] }, ["input", "parts", "0"]],
    [{ name: " " }, ["input", "name"]],
    [{ language: "tlh" }, ["input", "language"]],
    [{ tags: Array.from({ length: 21 }, (_, i) => `t${i}`) }, ["input", "tags"]],
  ])("refuse %j", async (fields, path) => {
    expect(await mix(node.url, "red", fields)).toMatchObject({
      __typename: "InvalidInputError",
      issues: [{ path }],
    });
  });

  it("speak without being kept, and the job says what was asked for", async () => {
    const job = await speak("af_heart(2) + jf_alpha(3)");
    expect(job).toMatchObject({
      voiceReference: "af_heart(2) + jf_alpha(3)",
      voice: null,
      language: { code: "ja" },
    });
    const done = await finished(client(), job.id);
    expect(done.status).toBe("SUCCEEDED");
    const { voice } = await ask(node.url, "red", '{ voice(id: "jf_alpha") { usage { jobs characters } } }');
    expect(voice.usage).toEqual({ jobs: 1, characters: 6 });
  });

  it("are one request under one key of idempotency, and another with another weight", async () => {
    const first = await speak("af_heart(2)+af_sky", { idempotencyKey: "mix" });
    expect((await speak("af_heart(2)+af_sky", { idempotencyKey: "mix" })).id).toBe(first.id);
    const other = await speak("af_heart(3)+af_sky", { idempotencyKey: "mix" });
    expect(other.__typename).toBe("ConflictError");
  });

  it("are refused where they cannot be read, and where a voice of another tenant is asked for", async () => {
    const own = await mix(node.url, "red");
    expect((await speak("af_heart(")).issues[0].message).toContain("(at character 9)");
    for (const reference of [own.id, `${own.id}+af_sky`]) {
      const refused = await speak(reference, {}, "blue");
      expect(refused.issues[0].path).toEqual(["input", "voiceId"]);
      expect(refused.issues[0].message).toContain("names no voice");
    }
    const stolen = await mix(node.url, "blue", { parts: [{ voiceId: own.id, weight: 1 }] });
    expect(stolen.__typename).toBe("InvalidInputError");
  });
});
