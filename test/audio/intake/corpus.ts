import { recording, speech, wavFile } from "../../helpers/recordings.ts";

/** A broken file: made the same way each time from its number. */
export interface Broken {
  readonly what: string;
  readonly bytes: Buffer;
  readonly fileName: string;
}

/** Numbers from 0 up to 1 that are the same each time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const NAMES = [
  "speech.flac",
  "speech.m4a",
  "fragmented.m4a",
  "vbr-cover.mp3",
  "speech.opus",
  "speech-vorbis.ogg",
  "recorded.webm",
] as const;

export async function wholeFiles(): Promise<{ name: string; bytes: Buffer }[]> {
  const files = await Promise.all(
    NAMES.map(async (name) => ({ name: name as string, bytes: await recording(name) })),
  );
  const samples = await speech();
  return [
    ...files,
    { name: "pcm.wav", bytes: wavFile(samples) },
    {
      name: "float.wav",
      bytes: wavFile(samples, { kind: "float", bits: 32, extensible: true, channels: 2 }),
    },
  ];
}

/** What a number field is overwritten with: the edges of every width. */
const EXTREMES = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff] as const;

type Damage = (bytes: Buffer, random: () => number) => Buffer;

const at = (bytes: Buffer, random: () => number, reach = bytes.length) =>
  Math.floor(random() * Math.min(bytes.length, reach));

const DAMAGES: Readonly<Record<string, Damage>> = {
  "cut off in the header": (bytes, random) => bytes.subarray(0, at(bytes, random, 200)),
  "cut off": (bytes, random) => bytes.subarray(0, at(bytes, random)),
  "without its start": (bytes, random) => bytes.subarray(1 + at(bytes, random, 2_000)),
  "a bit flipped in the header": (bytes, random) => {
    const where = at(bytes, random, 600);
    bytes[where] = (bytes[where] ?? 0) ^ (1 << Math.floor(random() * 8));
    return bytes;
  },
  "bits flipped everywhere": (bytes, random) => {
    for (let i = 0; i < bytes.length / 500; i++) {
      const where = at(bytes, random);
      bytes[where] = (bytes[where] ?? 0) ^ (1 << Math.floor(random() * 8));
    }
    return bytes;
  },
  "a huge or empty number in the header": (bytes, random) => {
    const value = EXTREMES[Math.floor(random() * EXTREMES.length)] ?? 0;
    const where = Math.min(at(bytes, random, 600), bytes.length - 4);
    if (random() < 0.5) bytes.writeUInt32BE(value, where);
    else bytes.writeUInt32LE(value, where);
    return bytes;
  },
  "a stretch overwritten": (bytes, random) => {
    const from = at(bytes, random);
    const fill = random() < 0.3 ? 0 : random() < 0.5 ? 0xff : -1;
    const to = Math.min(bytes.length, from + 1 + Math.floor(random() * 4_000));
    for (let i = from; i < to; i++) bytes[i] = fill < 0 ? Math.floor(random() * 256) : fill;
    return bytes;
  },
  "a stretch repeated": (bytes, random) => {
    const from = at(bytes, random);
    const piece = bytes.subarray(from, from + 1 + Math.floor(random() * 3_000));
    return Buffer.concat([
      bytes.subarray(0, from),
      ...Array.from({ length: 1 + at(bytes, random, 20) }, () => piece),
      bytes.subarray(from),
    ]);
  },
  "a stretch missing": (bytes, random) => {
    const from = at(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + Math.floor(random() * 5_000))]);
  },
};

/** Every damage to every kind of file, `rounds` times with other numbers. */
export async function damaged(rounds: number, seed: number): Promise<Broken[]> {
  const random = seeded(seed);
  const whole = await wholeFiles();
  return Array.from({ length: rounds }, (_, round) =>
    whole.flatMap(({ name, bytes }) =>
      Object.entries(DAMAGES).map(([what, damage]) => ({
        what: `${name} ${what} (${round})`,
        bytes: damage(Buffer.from(bytes), random),
        fileName: name,
      })),
    ),
  ).flat();
}

/** Files under the name of another, inside each other, one behind the other. */
export async function misplaced(): Promise<Broken[]> {
  const whole = await wholeFiles();
  return whole.flatMap(({ name, bytes }, index) => {
    const other = whole[(index + 1) % whole.length] as (typeof whole)[number];
    const head = bytes.subarray(0, 64);
    return [
      { what: `${name} called ${other.name}`, bytes, fileName: other.name },
      {
        what: `${name} with ${other.name} inside`,
        bytes: Buffer.concat([head, other.bytes, bytes.subarray(64)]),
        fileName: name,
      },
      {
        what: `start of ${name}, then ${other.name}`,
        bytes: Buffer.concat([head, other.bytes]),
        fileName: name,
      },
      {
        what: `start of ${name}, then zeros`,
        bytes: Buffer.concat([head, Buffer.alloc(200_000)]),
        fileName: name,
      },
      {
        what: `start of ${name} again and again`,
        bytes: Buffer.concat(Array.from({ length: 500 }, () => head)),
        fileName: name,
      },
    ];
  });
}
