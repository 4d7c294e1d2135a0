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
const PACKAGES = ["kokoro-onnx==0.6.1", "onnxruntime==1.32.0"];
const SCRIPT = fileURLToPath(new URL("./peers/kokoro_onnx_peer.py", import.meta.url));
const CACHE = fileURLToPath(new URL("../node_modules/.cache/speaker-bench", import.meta.url));

/** What a peer needed for one text, from text to samples. */
export interface PeerAnswer {
  readonly seconds: number;
  readonly audioSeconds: number;
}

/** kokoro-onnx in a Python process of its own, with the int8 weights as they are published. */
export interface Peer {
  /** Name and version of everything in it. */
  readonly versions: Readonly<Record<string, string>>;
  speak(text: string): Promise<PeerAnswer>;
  stop(): Promise<void>;
}

/** Starts the peer; the first time it is installed, from the Python registry. @throws Error when that fails. */
export async function startKokoroOnnx(voice: string): Promise<Peer> {
  const python = await install();
  const model = await weightFile("kokoro-82m");
  const voices = dirname(await weightFile("kokoro-voices", `${voice}.bin`));
  const child = spawn(python, [SCRIPT, model, voices, voice], { stdio: ["pipe", "pipe", "pipe"] });
  const stop = cleanup(async () => {
    child.kill("SIGKILL");
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async <Answer>(): Promise<Answer> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`kokoro-onnx ended: ${complaint}`);
    return JSON.parse(value) as Answer;
  };
  const { versions } = await next<{ versions: Record<string, string> }>();
  return {
    versions,
    stop,
    speak(text) {
      child.stdin.write(`${JSON.stringify({ text })}\n`);
      return next<PeerAnswer>();
    },
  };
}

/** A virtual environment with exactly these packages; another list is another environment. */
async function install(): Promise<string> {
  const folder = join(CACHE, PACKAGES.join("_").replaceAll("=", ""));
  const python = join(folder, "bin", "python");
  if (existsSync(python)) return python;
  tell(`installing ${PACKAGES.join(", ")}`);
  const making = `${folder}.${process.pid}`;
  await mkdir(CACHE, { recursive: true });
  const run = promisify(execFile);
  try {
    await run("python3", ["-m", "venv", making]);
    await run(join(making, "bin", "python"), ["-m", "pip", "install", "--quiet", "--no-input", ...PACKAGES]);
    await rename(making, folder);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    throw new Error(`The peers could not be installed: ${(error as Error).message}`);
  }
  return python;
}
