import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installed, pythonWith, run } from "./install.ts";
import { startLineProgram } from "./line-program.ts";
import { weightFile } from "./models.ts";

/** The newest releases when the figures in docs/performance.md were measured. */
const PYTHON_PACKAGES = ["kokoro-onnx==0.6.1", "onnxruntime==1.32.0", "onnx==1.23.2"];
const SHERPA = "sherpa-onnx-node@1.13.8";
const script = (name: string) => fileURLToPath(new URL(`./peers/${name}`, import.meta.url));

/** What a peer needed for one text, from text to samples. */
export interface PeerAnswer {
  readonly seconds: number;
  readonly audioSeconds: number;
}

/** Another program that speaks the same weights, in a process of its own. */
export interface Peer {
  /** Name and version of everything in it. */
  readonly versions: string;
  speak(text: string): Promise<PeerAnswer>;
  stop(): Promise<void>;
}

/** kokoro-onnx on the newest onnxruntime for Python, with the int8 weights as they are published. */
export async function startKokoroOnnx(voice: string): Promise<Peer> {
  return await startPeer(await pythonWith(PYTHON_PACKAGES), [
    script("kokoro_onnx_peer.py"),
    ...(await weights(voice)),
    voice,
  ]);
}

/** sherpa-onnx for Node with the same weights and as many threads as there are cores; see `sherpa_model.py`. */
export async function startSherpaOnnx(voice: string): Promise<Peer> {
  const packages = await installed(SHERPA.replace("@", "-"), async (folder) => {
    await run("npm", ["install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, SHERPA]);
  });
  const interpreter = await pythonWith(PYTHON_PACKAGES);
  const [model, voices] = await weights(voice);
  const prepared = await installed("sherpa-kokoro", async (folder) => {
    await run(interpreter, [script("sherpa_model.py"), model, voices, folder]);
  });
  const native = join(packages, "node_modules", `sherpa-onnx-${process.platform}-${process.arch}`);
  const args = [script("sherpa_peer.mjs"), packages, prepared, voice];
  return await startPeer(process.execPath, args, { LD_LIBRARY_PATH: native, DYLD_LIBRARY_PATH: native });
}

async function weights(voice: string): Promise<[model: string, voices: string]> {
  return [await weightFile("kokoro-82m"), dirname(await weightFile("kokoro-voices", `${voice}.bin`))];
}

async function startPeer(command: string, args: readonly string[], env = {}): Promise<Peer> {
  const { versions, stop, ask } = await startLineProgram(command, args, env);
  return { versions, stop, speak: (text) => ask<PeerAnswer>({ text }) };
}
