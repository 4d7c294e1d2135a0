import { expect, it } from "vitest";
import { SpeakerClient } from "../../../src/client/client.ts";
import type { JobStateFragment } from "../../../src/client/gql/graphql.ts";
import { JobProgress } from "../../../src/client/operations.ts";
import { STOCK_VOICES } from "../../../src/voices/stock.ts";
import { describeDatabases } from "../../helpers/database.ts";
import { finished } from "../../helpers/jobs.ts";
import { useTestNode } from "../../helpers/node.ts";
import { API_KEYS, ask, mix, TENANT_KEYS, type Tenant } from "../../helpers/voices.ts";

const UPDATE = `mutation ($input: UpdateVoiceInput!) {
  updateVoice(input: $input) {
    __typename
    ... on Voice { id name description tags gender language { code } updatedAt }
    ... on Error { code message }
    ... on InvalidInputError { issues { path } }
  }
}`;
const DELETE = `mutation ($id: ID!) {
  deleteVoice(id: $id) { __typename ... on DeletedVoice { id deletedAt mixIds } ... on Error { code message } }
}`;

describeDatabases("the management of voices", (kind) => {
  const node = useTestNode(kind, { API_KEYS });
  const update = async (input: object, tenant: Tenant = "red") =>
    (await ask(node.url, tenant, UPDATE, { input })).updateVoice;
  const remove = async (id: string, tenant: Tenant = "red") =>
    (await ask(node.url, tenant, DELETE, { id })).deleteVoice;

  it("changes what is given and leaves the rest", async () => {
    const { id, updatedAt } = await mix(node.url, "red", { tags: ["old"] });
    const changed = await update({ id, name: "  Renamed ", language: "fr", gender: "MALE" });
    expect(changed).toMatchObject({
      name: "Renamed",
      tags: ["old"],
      gender: "MALE",
      language: { code: "fr" },
    });
    expect(Date.parse(changed.updatedAt)).toBeGreaterThan(Date.parse(updatedAt));
    const same = await update({ id, name: "Renamed" });
    expect(same.updatedAt).toBe(changed.updatedAt);
    expect((await update({ id, tags: [] })).tags).toEqual([]);
  });

  it("lets one of two changes win that were made from the same state", async () => {
    const { id, updatedAt } = await mix(node.url, "red");
    const both = await Promise.all(
      ["One", "Two"].map((name) => update({ id, name, expectedUpdatedAt: updatedAt })),
    );
    expect(both.map(({ __typename }) => __typename).sort()).toEqual(["ConflictError", "Voice"]);
  });

  it.each([
    [{ name: "" }, ["input", "name"]],
    [{ name: "a\nb" }, ["input", "name"]],
    [{ description: "x".repeat(2_001) }, ["input", "description"]],
    [{ language: "klingon" }, ["input", "language"]],
    [{ tags: ["x".repeat(51)] }, ["input", "tags", "0"]],
  ])("refuses %j", async (fields, path) => {
    const { id } = await mix(node.url, "red");
    expect((await update({ id, ...fields })).issues[0].path).toEqual(path);
  });

  it("leaves stock voices alone", async () => {
    expect((await update({ id: "af_heart", name: "Mine" })).__typename).toBe("ConflictError");
    expect((await remove("af_heart")).__typename).toBe("ConflictError");
  });

  it("shows a tenant nothing of another's", async () => {
    const { id } = await mix(node.url, "red", { name: "Secret" });
    expect((await update({ id, name: "Mine" }, "blue")).__typename).toBe("NotFoundError");
    expect((await remove(id, "blue")).__typename).toBe("NotFoundError");
    const seen = await ask(
      node.url,
      "blue",
      `{ voice(id: "${id}") { id } voices(filter: { text: "Secret" }) { totalCount edges { node { id } } } }`,
    );
    expect(seen).toEqual({ voice: null, voices: { totalCount: 0, edges: [] } });
    expect(await ask(node.url, "red", `{ voice(id: "${id}") { name } }`)).toEqual({
      voice: { name: "Secret" },
    });
    const counts = async (tenant: Tenant) =>
      (await ask(node.url, tenant, '{ language(code: "en-US") { voiceCount } }')).language.voiceCount;
    const stock = STOCK_VOICES.filter(({ language }) => language === "en-US").length;
    expect(await counts("blue")).toBe(stock);
    expect(await counts("red")).toBeGreaterThan(stock);
  });

  it("deletes once, and says the same when asked again", async () => {
    const { id } = await mix(node.url, "red");
    const first = await remove(id);
    expect(first).toMatchObject({ __typename: "DeletedVoice", id, mixIds: [] });
    expect(await remove(id)).toEqual(first);
    expect((await remove(id, "blue")).__typename).toBe("NotFoundError");
    expect((await remove("0190a000-0000-7000-8000-000000000001")).__typename).toBe("NotFoundError");
    expect((await ask(node.url, "red", `{ voice(id: "${id}") { id } }`)).voice).toBeNull();
  });

  it("stops a job that runs in a deleted voice, and takes the audio of one that has ended", async () => {
    const { id } = await mix(node.url, "red");
    const speak = async (text: string): Promise<string> => {
      const input = { text, voiceId: id };
      const { synthesize } = await ask(
        node.url,
        "red",
        "mutation ($input: SynthesizeInput!) { synthesize(input: $input) { ... on SynthesisJob { id } } }",
        { input },
      );
      return synthesize.id;
    };
    const client = new SpeakerClient(node.url, { apiKey: TENANT_KEYS.red });
    const ended = await finished(client, await speak("Hello."));
    const url = ended.audio?.url ?? "";
    expect((await fetch(url)).status).toBe(200);
    const { voice } = await ask(
      node.url,
      "red",
      `{ voice(id: "${id}") { usage { jobs characters audioSeconds lastUsedAt } } }`,
    );
    expect(voice.usage).toMatchObject({ jobs: 1, characters: 6 });
    expect(voice.usage.audioSeconds).toBeCloseTo(ended.audio?.durationSeconds ?? 0, 6);

    const running = await speak("This is one sentence of very many. ".repeat(400));
    let last: JobStateFragment | undefined;
    for await (const { jobProgress } of client.subscribe(JobProgress, { id: running })) {
      if (jobProgress.status === "RUNNING" && last?.status !== "RUNNING") await remove(id);
      last = jobProgress as JobStateFragment;
    }
    expect(last).toMatchObject({ status: "FAILED", error: { code: "GONE" }, audio: null });
    const gone = await fetch(url);
    expect(gone.status).toBe(410);
    expect((await gone.json()).error.code).toBe("GONE");
    expect(
      (
        await ask(
          node.url,
          "red",
          `{ job(id: "${ended.id}") { ... on SynthesisJob { audio { expired } voice { id } voiceReference } } }`,
        )
      ).job,
    ).toEqual({
      audio: { expired: true },
      voice: null,
      voiceReference: id,
    });
  });
});
