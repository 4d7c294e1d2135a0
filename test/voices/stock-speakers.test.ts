import { createHash } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sha256Of } from "../../src/digest.ts";
import { parseManifest } from "../../src/models/manifest.ts";
import { ModelStore } from "../../src/models/store.ts";
import { StockSpeakers } from "../../src/stock-speakers.ts";
import { FileServer } from "../helpers/file-server.ts";
import { someWeights } from "../helpers/model-fixtures.ts";

/** A voice of two speakers, M and F. */
const VOICE = "es_ES-sharvard-medium";
const CONFIG = {
  audio: { sample_rate: 22_050 },
  espeak: { voice: "es" },
  phoneme_type: "espeak",
  phoneme_id_map: { _: [0], "^": [1], $: [2], a: [14] },
};
const UTTERANCE = { tokens: [14], phonemes: "a", normalized: { text: "a", parts: [] } };

let dir: string;
let server: FileServer;
const network = someWeights(5_000);
beforeEach(async () => {
  dir = await fs.mkdtemp(join(tmpdir(), "speaker-stock-"));
  server = await new FileServer().start();
});
afterEach(async () => {
  await server.stop();
  await fs.rm(dir, { recursive: true, force: true });
});

/** The voice with another network and configuration than the collection's, on a server of this test. */
function speakersWith(config: object, onDemand = true): StockSpeakers {
  const files = { [`${VOICE}.onnx`]: network, [`${VOICE}.onnx.json`]: Buffer.from(JSON.stringify(config)) };
  for (const [name, bytes] of Object.entries(files)) server.files.set(`/${name}`, bytes);
  const manifest = parseManifest({
    formatVersion: 1,
    models: [
      {
        ...{ id: VOICE, title: VOICE, purpose: "p", engine: "piper", licence: "MIT", attribution: "x" },
        files: Object.entries(files).map(([path, bytes]) => ({
          ...{ path, bytes: bytes.length, md5: createHash("md5").update(bytes).digest("hex") },
        })),
        sources: [{ kind: "url", url: `${server.url}/{path}` }],
      },
    ],
  });
  return new StockSpeakers(new ModelStore({ dir, manifest }), {
    request: (utterance) => utterance,
    onDemand,
  });
}

it("fetches a voice when it is first asked for, once, and tells its speakers apart", async () => {
  const speakers = speakersWith(CONFIG);
  const [first, man, woman] = await Promise.all([
    speakers.find(VOICE),
    speakers.find(`${VOICE}#M`),
    speakers.find(`${VOICE}#F`),
  ]);
  expect(server.seen).toHaveLength(2);
  expect(woman?.target).toEqual({
    ...{ engine: "piper", language: "es", espeakVoice: "es", phonemeType: "espeak" },
    phonemeIds: CONFIG.phoneme_id_map,
  });
  const path = join(dir, VOICE, `${VOICE}.onnx`);
  expect(woman?.request(UTTERANCE, 1.5)).toEqual({
    ...{ engine: "piper", model: { key: sha256Of(network), path }, modelSampleRate: 22_050 },
    ...{ tokens: [14], speaker: 1, speed: 1.5 },
  });
  expect([first, man].map((one) => one?.request(UTTERANCE, 1))).toMatchObject([
    { speaker: 0 },
    { speaker: 0 },
  ]);
  expect(await speakers.find(`${VOICE}#X`)).toBeNull();
});

describe("a voice on its way", () => {
  /** The network's first half at once, the rest when the test wants it to. */
  function heldBack() {
    let response: ServerResponse | undefined;
    let arrived = () => {};
    const halfway = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    server.misbehaveFor(`/${VOICE}.onnx`, (_request, answer) => {
      response = answer;
      answer.writeHead(200, { "content-length": network.length, etag: server.etag });
      answer.write(network.subarray(0, network.length / 2), () => arrived());
    });
    return {
      halfway,
      goOn: () => response?.end(network.subarray(network.length / 2)),
      async givenUp() {
        if (response?.closed !== true) await once(response as ServerResponse, "close");
        return response?.writableFinished === false;
      },
    };
  }

  it("is no longer fetched once nobody waits for it, and what has come is kept", async () => {
    const speakers = speakersWith(CONFIG);
    const download = heldBack();
    const [one, other] = [new AbortController(), new AbortController()];
    const waiting = [one, other].map(({ signal }) => speakers.find(VOICE, { signal }));
    await download.halfway;
    one.abort(new Error("not wanted"));
    await expect(waiting[0]).rejects.toThrow("not wanted");
    other.abort(new Error("not wanted either"));
    await expect(waiting[1]).rejects.toThrow("not wanted either");
    expect(await download.givenUp()).toBe(true);
    // Who comes next, whatever becomes of the one that is given up, has it from where that ended or anew.
    expect(await speakers.find(VOICE)).not.toBeNull();
  });

  it("is fetched to its end while anyone waits for it, for whichever of its speakers", async () => {
    const speakers = speakersWith(CONFIG);
    const download = heldBack();
    const leaves = new AbortController();
    const left = speakers.find(VOICE, { signal: leaves.signal });
    const stays = speakers.find(`${VOICE}#F`, { signal: new AbortController().signal });
    await download.halfway;
    leaves.abort(new Error("not wanted"));
    await expect(left).rejects.toThrow("not wanted");
    download.goOn();
    expect((await stays)?.request(UTTERANCE, 1)).toMatchObject({ speaker: 1 });
    expect(server.seen).toHaveLength(2);
  });

  it("is not even begun for one who has gone already", async () => {
    const speakers = speakersWith(CONFIG);
    const signal = AbortSignal.abort(new Error("too late"));
    await expect(speakers.find(VOICE, { signal })).rejects.toThrow("too late");
    expect(server.seen).toEqual([]);
  });
});

it("fetches it again when its files are gone", async () => {
  const speakers = speakersWith(CONFIG);
  await speakers.find(VOICE);
  await fs.rm(join(dir, VOICE), { recursive: true });
  await speakers.find(VOICE);
  expect(server.seen).toHaveLength(4);
});

it("says what helps when it cannot be had, and tries again for who comes next", async () => {
  const speakers = speakersWith(CONFIG);
  const bytes = server.files.get(`/${VOICE}.onnx`) ?? Buffer.of();
  server.files.delete(`/${VOICE}.onnx`);
  await expect(speakers.find(VOICE)).rejects.toMatchObject({
    code: "MODEL_UNAVAILABLE",
    message: expect.stringContaining("MODELS_MIRROR_URL"),
  });
  server.files.set(`/${VOICE}.onnx`, bytes);
  expect(await speakers.find(VOICE)).not.toBeNull();
});

it("fetches nothing where the operator does not want it, and takes what is here", async () => {
  const closed = speakersWith(CONFIG, false);
  await expect(closed.find(VOICE)).rejects.toMatchObject({
    code: "MODEL_UNAVAILABLE",
    message: expect.stringContaining(`speaker models pull ${VOICE}`),
  });
  expect(server.seen).toEqual([]);
  await speakersWith(CONFIG).find(VOICE);
  expect(await closed.find(VOICE)).not.toBeNull();
});

it("refuses a voice whose phonemes it does not make", async () => {
  const speakers = speakersWith({ ...CONFIG, phoneme_type: "pinyin" });
  await expect(speakers.find(VOICE)).rejects.toMatchObject({
    code: "MODEL_UNAVAILABLE",
    message: expect.stringContaining("pinyin"),
  });
});

it("needs nothing for espeak-ng's own voices", async () => {
  const speakers = speakersWith(CONFIG);
  const german = await speakers.find("espeak-de");
  expect(german?.target).toEqual({ engine: "espeak", language: "de", espeakVoice: "de" });
  expect(german?.request({ ...UTTERANCE, normalized: { text: "ja", parts: [] } }, 1)).toEqual({
    ...{ engine: "espeak", voice: "de", text: "ja", phonemes: "a", tokens: [14], speed: 1 },
  });
  expect(await speakers.find("espeak-qaa")).toBeNull();
  expect(server.seen).toEqual([]);
});
