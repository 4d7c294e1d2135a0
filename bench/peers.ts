import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cleanup } from "./cleanup.ts";
import { weightFile } from "./models.ts";
import { tell } from "./report.ts";

/** The newest releases when the figures in docs/performance.md were measured. */
const PYTHON_PACKAGES = ["kokoro-onnx==0.6.1", "onnxruntime==1.32.0", "onnx==1.23.2"];
const SHERPA = "sherpa-onnx-node@1.13.8";
const CACHE = fileURLToPath(new URL("../node_modules/.cache/speaker-bench", import.meta.url));
const script = (name: string) => fileURLToPath(new URL(`./peers/${name}`, import.meta.url));
const run = promisify(execFile);

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
  return await startPeer(await python(), [script("kokoro_onnx_peer.py"), ...(await weights(voice)), voice]);
}

/** sherpa-onnx for Node with the same weights and as many threads as there are cores; see `sherpa_model.py`. */
export async function startSherpaOnnx(voice: string): Promise<Peer> {
  const packages = await installed(SHERPA.replace("@", "-"), async (folder) => {
    await run("npm", ["install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, SHERPA]);
  });
  const interpreter = await python();
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

/** A virtual environment with exactly these packages; another list is another environment. */
async function python(): Promise<string> {
  const folder = await installed(PYTHON_PACKAGES.join("_").replaceAll("=", ""), async (making) => {
    await run("python3", ["-m", "venv", making]);
    const pip = [join(making, "bin", "python"), "-m", "pip", "install", "--quiet", "--no-input"] as const;
    await run(pip[0], [...pip.slice(1), ...PYTHON_PACKAGES]);
  });
  return join(folder, "bin", "python");
}

/** A folder that is made the first time, whole or not at all. @throws Error when that fails. */
async function installed(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(CACHE, name);
  if (existsSync(folder)) return folder;
  tell(`installing ${name}`);
  const making = `${folder}.${process.pid}`;
  await mkdir(making, { recursive: true });
  try {
    await make(making);
    await rename(making, folder);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    throw new Error(`The peer ${name} could not be installed: ${(error as Error).message}`);
  }
  return folder;
}

async function startPeer(command: string, args: readonly string[], env = {}): Promise<Peer> {
  const child = spawn(command, args, { stdio: "pipe", env: { ...process.env, ...env } });
  const stop = cleanup(async () => {
    child.kill("SIGKILL");
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async <Answer>(): Promise<Answer> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${command} ended: ${complaint}`);
      // Native libraries print what they like.
      if (value.startsWith("{")) return JSON.parse(value) as Answer;
    }
  };
  const { versions } = await next<{ versions: Record<string, string> }>();
  return {
    versions: Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
    stop,
    speak(text) {
      child.stdin.write(`${JSON.stringify({ text })}\n`);
      return next<PeerAnswer>();
    },
  };
}
