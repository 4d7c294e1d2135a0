/**
 * A program of its own, run as a child process: an AAC decoder (FAAD2, compiled to WebAssembly) behind frames of
 * bytes on stdin and stdout. FAAD2 is GPL-2.0-or-later; the service never links it, it talks to this program over
 * a pipe with the narrow protocol below, and everything works the same with another program that speaks it.
 *
 *   <- length (uint32, little-endian), then that many bytes. The first frame is an AudioSpecificConfig, every
 *      further one an access unit. A frame of length 0 ends the stream; a configuration follows.
 *   -> for each access unit: sample rate, channels, samples a channel (uint32 each), then planar float32.
 *      A sample rate of 0 says that it could not be decoded.
 *
 * It ends when stdin closes, so it never outlives its parent.
 */
import { decoder as createDecoder } from "@audio/decode-aac";

type Decoder = Awaited<ReturnType<typeof createDecoder>>;

let decoder: Decoder | null = null;
let configured = false;

async function answer(frame: Buffer): Promise<void> {
  if (frame.length === 0) {
    decoder?.free();
    decoder = null;
    configured = false;
  } else if (!configured) {
    configured = true;
    // A configuration that cannot be used: every access unit is answered as not decodable.
    decoder = await createDecoder({ asc: new Uint8Array(frame) }).catch(() => null);
  } else send(decode(frame));
}

function decode(frame: Buffer): { sampleRate: number; channelData: readonly Float32Array[] } {
  try {
    return decoder?.decode(new Uint8Array(frame)) ?? { sampleRate: 0, channelData: [] };
  } catch {
    return { sampleRate: 0, channelData: [] };
  }
}

function send({
  sampleRate,
  channelData,
}: {
  sampleRate: number;
  channelData: readonly Float32Array[];
}): void {
  const header = Buffer.alloc(12);
  header.writeUInt32LE(sampleRate, 0);
  header.writeUInt32LE(channelData.length, 4);
  header.writeUInt32LE(channelData[0]?.length ?? 0, 8);
  process.stdout.write(header);
  for (const plane of channelData) {
    process.stdout.write(Buffer.from(plane.slice().buffer));
  }
}

let pending = Buffer.alloc(0);
process.stdout.on("error", () => process.exit(0));
for await (const chunk of process.stdin) {
  pending = Buffer.concat([pending, chunk as Buffer]);
  for (;;) {
    if (pending.length < 4) break;
    const length = pending.readUInt32LE(0);
    if (pending.length < 4 + length) break;
    const frame = pending.subarray(4, 4 + length);
    pending = pending.subarray(4 + length);
    await answer(frame);
  }
}
process.exit(0);
