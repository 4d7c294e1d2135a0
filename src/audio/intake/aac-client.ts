import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { siblingArguments } from "../../program.ts";
import { refuse } from "./refuse.ts";

const HEADER_BYTES = 12;
/** One access unit gives 1,024 or 2,048 samples for each of at most 64 channels: more is a fault of the program. */
const MAX_SAMPLES = 64 * 4_096;

/** A batch takes milliseconds; a program that is stuck is ended, for nobody else would. */
const BATCH_DEADLINE_MS = 10_000;

interface AacPacket {
  /** Hz; 0 when the access unit could not be decoded. */
  readonly sampleRate: number;
  readonly channels: readonly Float32Array[];
}

export interface AacSession {
  /** The audio of each access unit, in order. */
  decode(units: readonly Uint8Array[]): Promise<AacPacket[]>;
  close(): void;
}

type Host = ChildProcessByStdio<Writable, Readable, null>;

/** One program serves one file after the other; it is started by the first that needs it. */
let host: { readonly child: Host; readonly read: (bytes: number) => Promise<Buffer> } | null = null;

function launch() {
  const child: Host = spawn(process.execPath, siblingArguments("aac-host", import.meta.url), {
    stdio: ["pipe", "pipe", "ignore"],
    env: {},
  });
  child.on("error", () => {});
  child.stdin.on("error", () => {});
  child.once("close", () => {
    if (host?.child === child) host = null;
  });
  const chunks = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let held: Buffer = Buffer.alloc(0);
  const read = async (bytes: number): Promise<Buffer> => {
    while (held.length < bytes) {
      const { value, done } = await chunks.next();
      if (done === true) throw new Error("the AAC program ended");
      held = Buffer.concat([held, value]);
    }
    const taken = held.subarray(0, bytes);
    held = held.subarray(bytes);
    return taken;
  };
  return { child, read };
}

function frame(bytes: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(4 + bytes.length);
  out.writeUInt32LE(bytes.length, 0);
  out.set(bytes, 4);
  return out;
}

/** Opens a stream of AAC with its AudioSpecificConfig; see `aac-host.ts` for who decodes it. */
export function openAac(config: Uint8Array): AacSession {
  if (config.length === 0) refuse("INVALID_HEADER", "The file does not say how its AAC is made.");
  host ??= launch();
  const { child, read } = host;
  child.stdin.write(frame(config));
  let asked = 0;
  return {
    async decode(units) {
      // An empty access unit would end the stream.
      const sent = units.map((unit) => (unit.length === 0 ? new Uint8Array(1) : unit));
      asked += sent.length;
      child.stdin.write(Buffer.concat(sent.map(frame)));
      const packets: AacPacket[] = [];
      const deadline = setTimeout(() => child.kill("SIGKILL"), BATCH_DEADLINE_MS);
      try {
        for (const _ of sent) packets.push(await readPacket(read));
      } catch (cause) {
        refuse("DAMAGED", "The AAC audio cannot be decoded.", cause);
      } finally {
        clearTimeout(deadline);
      }
      asked -= sent.length;
      return packets;
    },
    close() {
      // Answers that nobody waits for any more would be taken for those of the next file.
      if (asked > 0) {
        child.kill("SIGKILL");
        host = null;
      } else child.stdin.write(frame(new Uint8Array(0)));
    },
  };
}

async function readPacket(read: (bytes: number) => Promise<Buffer>): Promise<AacPacket> {
  const header = await read(HEADER_BYTES);
  const sampleRate = header.readUInt32LE(0);
  const channels = header.readUInt32LE(4);
  const samples = header.readUInt32LE(8);
  if (channels * samples > MAX_SAMPLES)
    throw new Error("the AAC program sent more than an access unit holds");
  const planes: Float32Array[] = [];
  for (let channel = 0; channel < channels; channel++) {
    const bytes = await read(samples * 4);
    planes.push(new Float32Array(new Uint8Array(bytes).buffer));
  }
  return { sampleRate, channels: planes };
}
