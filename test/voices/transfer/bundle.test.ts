import { createHash } from "node:crypto";
import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sha256Of } from "../../../src/digest.ts";
import { InvalidInputError } from "../../../src/errors.ts";
import { PACK_BYTES } from "../../../src/voices/mixing/pack.ts";
import { type BundleHeader, encodeHead, readBundle, sealed } from "../../../src/voices/transfer/bundle.ts";

const PACK = Buffer.alloc(PACK_BYTES);
const SAMPLE = Buffer.from("a recording, as far as this file is concerned");
const HEADER: BundleHeader = {
  voice: {
    ...{ kind: "CLONED", name: "River", description: "", language: "en-GB", gender: "UNKNOWN", tags: ["a"] },
    ...{ engine: "kokoro", similarity: 0.7, similarityNormalised: 0.8, similarityMethod: "told" },
  },
  pack: { dtype: "float32", shape: [510, 1, 256], sha256: sha256Of(PACK) },
  sample: { bytes: SAMPLE.length, sha256: sha256Of(SAMPLE) },
  embedding: [1, ...Array.from({ length: 255 }, () => 0)],
  consent: { kind: "OWN_VOICE", note: "mine", at: "2026-01-01T00:00:00.000Z", by: "key" },
};

describe("a voice as a file", () => {
  let folder: string;
  let count = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "speaker-bundle-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function make(header: unknown, content: readonly Uint8Array[] = [PACK, SAMPLE]): Promise<Buffer> {
    async function* parts() {
      yield encodeHead(header as BundleHeader);
      yield* content;
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of sealed(parts())) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
  const samplePath = () => join(folder, `sample-${count}`);
  async function read(bytes: Uint8Array) {
    const path = join(folder, `file-${++count}`);
    await writeFile(path, bytes);
    return await readBundle(path, samplePath());
  }
  async function refusal(bytes: Uint8Array): Promise<string> {
    const error = await read(bytes).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(InvalidInputError);
    const [issue] = (error as InvalidInputError).issues;
    expect(issue?.path).toEqual(["input", "file"]);
    return issue?.message ?? "";
  }
  /** A seal that fits whatever was done before it. */
  const reseal = (bytes: Buffer) => {
    const content = bytes.subarray(0, -32);
    return Buffer.concat([content, createHash("sha256").update(content).digest()]);
  };

  it("is read as it was written", async () => {
    const { header, pack } = await read(await make(HEADER));
    expect(header).toEqual(HEADER);
    expect(Buffer.from(pack)).toEqual(PACK);
    expect(await readFile(samplePath())).toEqual(SAMPLE);
  });

  it("needs no sample, and leaves no file for one then", async () => {
    const { header } = await read(await make({ ...HEADER, sample: null }, [PACK]));
    expect(header.sample).toBeNull();
    await expect(access(samplePath())).rejects.toThrow();
  });

  it("is refused when a bit of it differs, wherever it is", async () => {
    const whole = await make(HEADER);
    const headLength = encodeHead(HEADER).length;
    const places = [0, 15, 16, 19, 20, headLength - 1, headLength, headLength + PACK_BYTES - 1];
    for (const place of [...places, whole.length - 33, whole.length - 32, whole.length - 1]) {
      const bytes = Buffer.from(whole);
      bytes[place] = (bytes[place] ?? 0) ^ 0x10;
      await refusal(bytes);
    }
  });

  it("is refused when it is cut off or added to", async () => {
    const whole = await make(HEADER);
    for (const length of [0, 1, 16, 19, 20, 100, 5_000, PACK_BYTES, whole.length - 33, whole.length - 1]) {
      expect(await refusal(whole.subarray(0, length))).toMatch(/cut off|begin as one|JSON/);
    }
    expect(await refusal(Buffer.concat([whole, Buffer.of(0)]))).toContain("added to");
    expect(await refusal(Buffer.concat([whole, whole]))).toContain("added to");
  });

  it.each([
    ["a zip", Buffer.from("PK\u0003\u0004................................")],
    ["a tar", Buffer.alloc(10_240, "a")],
    ["a pickle", Buffer.from("\x80\x04cos\nsystem\n(S'id'\ntR.")],
  ])("is not %s", async (_name, bytes) => {
    expect(await refusal(bytes)).toContain("does not begin as one");
  });

  it("claims no size that it would be believed", async () => {
    const bytes = Buffer.from(await make(HEADER));
    bytes.writeUInt32LE(0xffff_ffff, 16);
    expect(await refusal(bytes)).toContain("header of more than");
    const huge = { ...HEADER, sample: { bytes: 999_999_999, sha256: sha256Of(SAMPLE) } };
    expect(await refusal(await make(huge))).toContain("header speaks of");
    const none = { ...HEADER, sample: { bytes: -1, sha256: sha256Of(SAMPLE) } };
    expect(await refusal(await make(none))).toContain("sample.bytes");
  });

  it.each([
    ["an unknown member", { ...HEADER, script: "rm -rf /" }],
    ["a path in a member", { ...HEADER, sample: { ...HEADER.sample, path: "../../etc/passwd" } }],
    ["another shape", { ...HEADER, pack: { ...HEADER.pack, shape: [511, 1, 256] } }],
    ["another type", { ...HEADER, pack: { ...HEADER.pack, dtype: "float16" } }],
    ["a stock voice", { ...HEADER, voice: { ...HEADER.voice, kind: "STOCK" } }],
    ["a name of two lines", { ...HEADER, voice: { ...HEADER.voice, name: "a\nb" } }],
    ["a language that is none", { ...HEADER, voice: { ...HEADER.voice, language: "../x" } }],
    ["an embedding that is too short", { ...HEADER, embedding: [1] }],
    ["an embedding of no direction", { ...HEADER, embedding: Array.from({ length: 256 }, () => 0) }],
    ["a cloned voice without consent", { ...HEADER, consent: null }],
    ["a mixed voice with a sample", { ...HEADER, voice: { ...HEADER.voice, kind: "MIXED" } }],
    ["no object", null],
    ["a list", [HEADER]],
  ])("holds nothing odd: %s", async (_name, header) => {
    const message = await refusal(await make(header));
    expect(message).toMatch(/header that is not valid|consent record|mixed voice has none/);
    expect(message).not.toContain("passwd");
  });

  it("holds no number beyond numbers", async () => {
    const whole = await make({ ...HEADER, voice: { ...HEADER.voice, similarity: 0.123 } });
    const place = whole.indexOf("0.123");
    expect(place).toBeGreaterThan(0);
    whole.write("1e999", place);
    expect(await refusal(reseal(whole))).toContain("voice.similarity");
  });

  it("holds no pack that is no voice", async () => {
    const withValue = async (value: number) => {
      const pack = Buffer.from(PACK);
      pack.writeFloatLE(value, 4_000);
      return await make({ ...HEADER, pack: { ...HEADER.pack, sha256: sha256Of(pack) } }, [pack, SAMPLE]);
    };
    expect(await refusal(await withValue(Number.NaN))).toContain("no finite number");
    expect(await refusal(await withValue(Number.NEGATIVE_INFINITY))).toContain("no finite number");
    expect(await refusal(await withValue(1e30))).toContain("which no voice has");
  });

  it("is believed neither by its seal alone nor by its digests alone", async () => {
    const whole = await make(HEADER);
    const pack = Buffer.from(whole);
    pack[encodeHead(HEADER).length + 7] = 1;
    expect(await refusal(reseal(pack))).toContain("pack does not fit");
    const sample = Buffer.from(whole);
    sample[whole.length - 40] = 1;
    expect(await refusal(reseal(sample))).toContain("sample does not fit");
    const seal = Buffer.from(whole);
    seal[whole.length - 1] = (seal[whole.length - 1] ?? 0) ^ 1;
    expect(await refusal(seal)).toContain("checksum does not fit");
  });
});
