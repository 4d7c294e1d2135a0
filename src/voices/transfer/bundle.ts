import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { z } from "zod";
import { sha256Of } from "../../digest.ts";
import { InvalidInputError } from "../../errors.ts";
import { voiceDescription, voiceLanguage, voiceName, voiceTags } from "../fields.ts";
import { decodePack, PACK_BYTES, PACK_SHAPE } from "../mixing/pack.ts";
import { CONSENT_KINDS, VOICE_GENDERS } from "../table.ts";

/**
 * A voice as one file, numbers little-endian:
 *
 *     16 bytes   "SPEAKER-VOICE/1\\n"
 *      4 bytes   length of the header, uint32
 *      …         the header, JSON in UTF-8
 *     522,240    the pack, float32 [510, 1, 256]
 *      …         the sample as it was uploaded, where the header has one
 *     32 bytes   SHA-256 of everything before
 *
 * It holds no paths, no links and no code: nothing in it is ever executed or unpacked by name.
 */
export const BUNDLE_TYPE = "application/vnd.speaker.voice";
export const BUNDLE_EXTENSION = "speakervoice";

const MAGIC = Buffer.from("SPEAKER-VOICE/1\n");
const PREFIX_BYTES = MAGIC.length + 4;
const MAX_HEADER_BYTES = 65_536;
const MAX_SAMPLE_BYTES = 1_000_000_000;
const DIGEST_BYTES = 32;
const CHUNK_BYTES = 262_144;
/** How far the embedding may be from unit length. */
const UNIT_TOLERANCE = 0.01;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const line = (most: number) =>
  z.string().refine((text) => text.length <= most && text.isWellFormed() && !text.includes("\0"));

const bundleHeader = z.strictObject({
  voice: z.strictObject({
    kind: z.enum(["CLONED", "MIXED"]),
    name: voiceName,
    description: voiceDescription,
    language: voiceLanguage,
    gender: z.enum(VOICE_GENDERS),
    tags: voiceTags,
    engine: z.literal("kokoro"),
    similarity: z.number().min(-1).max(1).nullable(),
    similarityNormalised: z.number().min(-100).max(100).nullable(),
    similarityMethod: line(2_000).nullable(),
  }),
  pack: z.strictObject({
    dtype: z.literal("float32"),
    shape: z.tuple([z.literal(PACK_SHAPE[0]), z.literal(PACK_SHAPE[1]), z.literal(PACK_SHAPE[2])]),
    sha256,
  }),
  sample: z.strictObject({ bytes: z.int().min(1).max(MAX_SAMPLE_BYTES), sha256 }).nullable(),
  /** Speaker embedding of the sample. */
  embedding: z
    .array(z.number().min(-1).max(1))
    .length(256)
    .refine((values) => Math.abs(Math.hypot(...values) - 1) <= UNIT_TOLERANCE, "is not of unit length")
    .nullable(),
  /** What gave the right to use the voice where it was made; null for mixed voices. */
  consent: z
    .strictObject({ kind: z.enum(CONSENT_KINDS), note: line(2_000), at: z.iso.datetime(), by: line(200) })
    .nullable(),
});

export type BundleHeader = z.infer<typeof bundleHeader>;

/** Everything of a bundle that comes before its pack. */
export function encodeHead(header: BundleHeader): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return Buffer.concat([MAGIC, length, json]);
}

/** The chunks of a bundle, the checksum behind them. */
export async function* sealed(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const chunk of content) {
    hash.update(chunk);
    yield chunk;
  }
  yield hash.digest();
}

/** Length of the file that these make, in bytes. */
export function bundleBytes(head: Uint8Array, sampleBytes: number): number {
  return head.length + PACK_BYTES + sampleBytes + DIGEST_BYTES;
}

/** What a file turned out to hold. */
export interface ReadBundle {
  readonly header: BundleHeader;
  readonly pack: Uint8Array;
}

function refuse(message: string): never {
  throw new InvalidInputError([{ path: ["input", "file"], message }]);
}

/**
 * Reads a bundle that a stranger may have made: every length, digest and number is checked before it counts. Memory is
 * bounded whatever the file says.
 *
 * @param samplePath where the sample is written, when there is one
 * @throws InvalidInputError at `input.file` that says what is wrong.
 */
export async function readBundle(path: string, samplePath: string): Promise<ReadBundle> {
  const file = await open(path, "r");
  try {
    const hash = createHash("sha256");
    const { size } = await file.stat();
    const begun = Buffer.alloc(Math.min(size, MAGIC.length));
    await file.read(begun, 0, begun.length, 0);
    if (!begun.equals(MAGIC.subarray(0, begun.length))) {
      refuse("is no voice that this service has exported: it does not begin as one");
    }
    const prefix = await take(file, hash, 0, PREFIX_BYTES);
    const headerBytes = prefix.readUInt32LE(MAGIC.length);
    if (headerBytes > MAX_HEADER_BYTES) refuse(`has a header of more than ${MAX_HEADER_BYTES} bytes`);
    const header = parseHeader(await take(file, hash, PREFIX_BYTES, headerBytes));
    const packAt = PREFIX_BYTES + headerBytes;
    const sampleAt = packAt + PACK_BYTES;
    const sampleBytes = header.sample?.bytes ?? 0;
    const sealAt = sampleAt + sampleBytes;
    if (size !== sealAt + DIGEST_BYTES) {
      refuse(
        `has ${size} bytes, but its header speaks of ${sealAt + DIGEST_BYTES}: it is cut off or added to`,
      );
    }
    const pack = await take(file, hash, packAt, PACK_BYTES);
    checkPack(pack, header.pack.sha256);
    if (header.sample !== null) {
      await copySample(file, hash, { at: sampleAt, ...header.sample }, samplePath);
    }
    const seal = await take(file, null, sealAt, DIGEST_BYTES);
    if (!seal.equals(hash.digest())) refuse("is damaged: its checksum does not fit its content");
    return { header, pack };
  } finally {
    await file.close();
  }
}

async function take(file: FileHandle, hash: Hash | null, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, at);
  if (bytesRead < length) refuse("is cut off");
  hash?.update(bytes);
  return bytes;
}

function parseHeader(bytes: Buffer): BundleHeader {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    refuse("has a header that is no JSON");
  }
  const parsed = bundleHeader.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    refuse(`has a header that is not valid: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
  }
  const { voice, consent, sample } = parsed.data;
  if (voice.kind === "CLONED" && consent === null) refuse("holds a cloned voice without a consent record");
  if (voice.kind === "MIXED" && sample !== null) refuse("holds a sample, but a mixed voice has none");
  return parsed.data;
}

function checkPack(bytes: Uint8Array, expected: string): void {
  if (sha256Of(bytes) !== expected) {
    refuse("is damaged: its pack does not fit the digest in the header");
  }
  let pack: Float32Array;
  try {
    pack = decodePack(bytes);
  } catch (error) {
    refuse(error instanceof RangeError ? error.message : "has a pack that cannot be read");
  }
  if (pack.some((value) => Math.abs(value) > MAX_STYLE_VALUE)) {
    refuse(`has a pack with values beyond ${MAX_STYLE_VALUE}, which no voice has`);
  }
}

/** Many times the largest value of any stock voice: beyond it the model makes noise, not speech. */
const MAX_STYLE_VALUE = 50;

async function copySample(
  file: FileHandle,
  hash: Hash,
  sample: { readonly at: number; readonly bytes: number; readonly sha256: string },
  path: string,
): Promise<void> {
  const own = createHash("sha256");
  const target = await open(path, "wx", 0o600);
  try {
    for (let done = 0; done < sample.bytes; ) {
      const chunk = await take(file, hash, sample.at + done, Math.min(CHUNK_BYTES, sample.bytes - done));
      own.update(chunk);
      await target.writeFile(chunk);
      done += chunk.length;
    }
  } finally {
    await target.close();
  }
  if (own.digest("hex") !== sample.sha256)
    refuse("is damaged: its sample does not fit the digest in the header");
}
