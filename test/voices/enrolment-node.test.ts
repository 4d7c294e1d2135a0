import { afterEach, describe, expect, it } from "vitest";
import type { SpeakerClient } from "../../src/client/client.ts";
import { TypedDocumentString } from "../../src/client/gql/graphql.ts";
import { concat, tone } from "../audio/signals.ts";
import { createTestDatabase, describeDatabases, type TestDatabase } from "../helpers/database.ts";
import { TestProgram, useTestNode } from "../helpers/node.ts";
import { wavFile } from "../helpers/recordings.ts";
import { INPUT, storedFiles, uploadFile } from "../helpers/upload.ts";

const RATE = 16_000;
const SAMPLE = wavFile(concat([tone(1250, 6 * RATE, RATE), new Float32Array(RATE)]));
const VOICE = `status similarity { cosine normalised method } consent { kind note by }
  quality { rating speechSeconds dnsmos { overall } } failure { code message }
  enrolment { id kind status stage progress evaluations attempts voice { id } similarity { cosine } quality { rating } }`;

async function ask(url: string, query: string) {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: the answer of an arbitrary query
  const { data, errors } = (await response.json()) as { data?: any; errors?: unknown };
  if (data == null) throw new Error(JSON.stringify(errors));
  return data;
}

const voiceOf = async (url: string, id: string) =>
  (await ask(url, `{ voice(id: "${id}") { ${VOICE} } }`)).voice;

interface State {
  readonly kind: string;
  readonly status: string;
  readonly stage: string;
  readonly progress: number;
  readonly evaluations: number;
  readonly similarity: { readonly cosine: number } | null;
  readonly quality: { readonly speechSeconds: number } | null;
  readonly voice: { readonly status: string };
}

/** Every state of an enrolment over WebSocket, as its subscription tells it. */
async function* states(client: SpeakerClient, id: string): AsyncGenerator<State> {
  const document = new TypedDocumentString<{ jobProgress: State }, Record<string, never>>(
    `subscription { jobProgress(id: "${id}") {
      kind status stage progress attempts
      ... on EnrolmentJob { evaluations similarity { cosine } quality { speechSeconds } voice { status } }
    } }`,
  );
  for await (const { jobProgress } of client.subscribe(document, {})) yield jobProgress;
}

describeDatabases("an uploaded voice", (kind) => {
  const node = useTestNode(kind, { CLONE_BUDGET_SECONDS: "5" });

  it("is followed over WebSocket until it is done, and shows what it is", { timeout: 120_000 }, async () => {
    const { id } = await uploadFile(node.url, SAMPLE, {
      ...INPUT,
      consent: { kind: "LICENSED", note: "CC0" },
    });
    const { enrolment } = await voiceOf(node.url, id);
    const seen = [];
    for await (const state of states(node.client, enrolment.id)) seen.push(state);
    expect(seen.at(-1)).toMatchObject({ kind: "ENROLMENT", status: "SUCCEEDED", stage: "DONE", progress: 1 });
    const progress = seen.map((state) => state.progress);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    const refining = seen.filter(({ stage }) => stage === "REFINING");
    expect(refining.length).toBeGreaterThan(1);
    for (const state of refining) {
      expect(state.voice.status).toBe("READY");
      expect(state.similarity?.cosine).toBeGreaterThan(-1);
      expect(state.quality?.speechSeconds).toBeGreaterThan(5);
    }
    const voice = await voiceOf(node.url, id);
    expect(voice).toMatchObject({
      ...{ status: "READY", failure: null },
      consent: { kind: "LICENSED", note: "CC0", by: "anonymous" },
      quality: { rating: expect.any(String), dnsmos: { overall: expect.any(Number) } },
      enrolment: { id: enrolment.id, kind: "ENROLMENT", voice: { id } },
    });
    expect(voice.similarity.method).toContain("did not use");
    const { synthesize } = await ask(
      node.url,
      `mutation { synthesize(input: { text: "Hola, ¿qué tal?", voiceId: "${id}", language: "es" }) {
        __typename ... on SynthesisJob { language { code } } } }`,
    );
    expect(synthesize).toMatchObject({ __typename: "SynthesisJob", language: { code: "es" } });
  });

  it("is cancelled by the API, and stays as good as it is", { timeout: 120_000 }, async () => {
    const { id } = await uploadFile(node.url, SAMPLE);
    const { enrolment } = await voiceOf(node.url, id);
    for await (const { stage } of states(node.client, enrolment.id)) if (stage === "REFINING") break;
    const { cancelJob } = await ask(
      node.url,
      `mutation { cancelJob(id: "${enrolment.id}") { __typename ... on EnrolmentJob { status voice { status } } } }`,
    );
    expect(cancelJob).toEqual({
      ...{ __typename: "EnrolmentJob", status: "CANCELLED", voice: { status: "READY" } },
    });
  });
});

describe("the whole program, killed while it enrols a voice", () => {
  const running: TestProgram[] = [];
  const databases: TestDatabase[] = [];
  afterEach(async () => {
    for (const program of running.splice(0)) await program.end("SIGKILL");
    for (const database of databases.splice(0)) await database.drop();
  });

  it.each(["WAITING", "MEASURING", "MIXING", "REFINING"])(
    "in the phase %s, has it after a restart",
    { timeout: 180_000 },
    async (phase) => {
      const database = await createTestDatabase("embedded");
      databases.push(database);
      const env = { INFERENCE_ENGINE: "fake", INFERENCE_MEMBERS: "1", CLONE_BUDGET_SECONDS: "2" };
      const start = async () => {
        const program = new TestProgram({ database, env });
        running.push(program);
        return { program, ...(await program.ready()) };
      };
      const first = await start();
      const { id } = await uploadFile(first.url, SAMPLE);
      const { enrolment } = await voiceOf(first.url, id);
      if (phase !== "WAITING") {
        // A phase that is over by the time it is seen is killed in the next one.
        for await (const { stage } of states(first.client, enrolment.id)) {
          if (
            ["MEASURING", "MIXING", "REFINING", "DONE"].indexOf(stage) >=
            ["MEASURING", "MIXING", "REFINING"].indexOf(phase)
          )
            break;
        }
      }
      await first.program.end("SIGKILL");
      const second = await start();
      const last = [];
      for await (const state of states(second.client, enrolment.id)) last.push(state);
      expect(last.at(-1)).toMatchObject({ status: "SUCCEEDED", voice: { status: "READY" } });
      // The sample and one pack: nothing of the first attempt is left.
      const files = await storedFiles(database.env.DATA_DIR);
      expect(files.filter((file) => file.startsWith(`voices/${id}/`))).toHaveLength(2);
    },
  );
});
