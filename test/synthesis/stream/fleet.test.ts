import { afterEach, expect, it } from "vitest";
import { post } from "../../helpers/caller.ts";
import { createTestDatabase, describePostgres, type TestDatabase } from "../../helpers/database.ts";
import { finished } from "../../helpers/jobs.ts";
import { startTestNode, TestProgram } from "../../helpers/node.ts";

const TEXT = "This is one of many sentences, and it must be heard exactly once, whatever happens. ".repeat(
  200,
);

const running: TestProgram[] = [];
let database: TestDatabase | undefined;

afterEach(async () => {
  for (const program of running.splice(0)) await program.end("SIGKILL");
  await database?.drop();
});

function worker(test: TestDatabase): TestProgram {
  const env = {
    ROLE: "worker",
    INFERENCE_ENGINE: "fake",
    INFERENCE_MEMBERS: "1",
    JOB_LEASE_SECONDS: "2",
    JOB_RETRY_DELAY_SECONDS: "0",
  };
  const made = new TestProgram({ database: test, env });
  running.push(made);
  return made;
}

describePostgres("listening on a node that does not speak", () => {
  it("goes on when the worker is killed and another one takes the job over", {
    timeout: 120_000,
  }, async () => {
    database = await createTestDatabase("postgres");
    const api = await startTestNode(database, { ROLE: "api" });
    const first = worker(database);
    await first.ready();
    const { body } = await post(
      api.url,
      `mutation ($text: String!) { synthesize(input: { text: $text, voiceId: "af_heart", format: PCM }) { ... on SynthesisJob { id streamUrl } } }`,
      { text: TEXT },
    );
    const { id, streamUrl } = body.data.synthesize;
    const response = await fetch(streamUrl);
    const parts: Uint8Array[] = [];
    let killed: Promise<unknown> | null = null;
    for await (const part of response.body ?? []) {
      parts.push(part);
      killed ??= first.end("SIGKILL").then(() => worker(database as TestDatabase).ready());
    }
    await killed;
    const done = await finished(api.client, id);
    expect(done).toMatchObject({ status: "SUCCEEDED", attempts: 2 });
    const stored = await (await fetch(done.audio?.url ?? "")).arrayBuffer();
    expect(Buffer.concat(parts).equals(Buffer.from(stored))).toBe(true);
    await api.stop();
  });
});
