import { afterAll, beforeAll, expect, it } from "vitest";
import { voiceFor } from "../../src/synthesis/default-voice.ts";
import { sharedDetector } from "../../src/synthesis/text/detection.ts";
import { post } from "../helpers/caller.ts";
import { createTestDatabase, type TestDatabase } from "../helpers/database.ts";
import { startTestNode, type TestNode } from "../helpers/node.ts";

let database: TestDatabase;
let node: TestNode;
beforeAll(async () => {
  database = await createTestDatabase("embedded");
  node = await startTestNode(database, { ROLE: "api" });
});
afterAll(async () => {
  await node.stop();
  await database.drop();
});

it("is told without loading anything, from the first request on", async () => {
  // What has been loaded is there at once; what has not yet loses to what waits for nothing.
  const first = await Promise.race([sharedDetector(), Promise.resolve("still loading")]);
  expect(first).toMatchObject({ detect: expect.any(Function) });
});

it("is that of the text's language where none is given", async () => {
  const mutation = `mutation { synthesize(input: { text: "Guten Morgen, wie geht es Ihnen heute?" }) {
    ... on SynthesisJob { voice { id } language { code } }
  } }`;
  const { body } = await post(node.url, mutation);
  const chosen = await voiceFor("de", "", new Set());
  expect(body.data.synthesize).toMatchObject({ voice: { id: chosen } });
});
