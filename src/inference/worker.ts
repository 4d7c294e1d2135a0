// Entry of a member process. It owns the engines, does one piece of work at a time and holds nothing that may not
// be lost: the parent kills it whenever it likes.
import { setPriority } from "node:os";
import type { Analyser } from "./analyser.ts";
import type { ExecutionProvider } from "./contract.ts";
import { applyEffects } from "./effects.ts";
import type { Engine, UtteranceRequest } from "./engine.ts";
import { PROBE_UTTERANCE } from "./probe.ts";
import type {
  FromMember,
  MemberModel,
  MemberReady,
  MemberResult,
  MemberSetup,
  MemberWork,
  ToMember,
} from "./protocol.ts";
import { loadWithFirstProvider } from "./providers.ts";
import { plainReason } from "./reason.ts";
import { realTimeFactorOf } from "./statistics.ts";

/** Below the API and the database in the eyes of the scheduler: they need little, but at once. */
const MEMBER_NICENESS = 5;

const engines = new Map<UtteranceRequest["engine"], Engine>();
let analyser: Promise<Analyser> | null = null;
/** Threads of every model here; known once the member is set up. */
let threads = 1;

// On Linux the niceness belongs to a thread and is inherited, so it is set before the runtime starts its own.
try {
  setPriority(MEMBER_NICENESS);
} catch {
  // Not allowed here: the members then compete as equals, which is slower for the API and nothing worse.
}

// A terminal and most supervisors signal the whole process group; the parent decides when a member ends.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
process.on("disconnect", () => process.exit(0));
process.on("message", (message) => {
  void receive(message as ToMember);
});

async function receive(message: ToMember): Promise<void> {
  if (message.type === "run") {
    await run(message.work);
    return;
  }
  try {
    threads = message.setup.threads;
    await send({ type: "ready", ...(await load(message.setup)) });
  } catch (error) {
    await send({ type: "startFailed", reason: plainReason(error) });
    process.exit(1);
  }
}

async function run(work: MemberWork): Promise<void> {
  try {
    const result = await carryOut(work);
    await send({ type: "result", result, residentBytes: process.memoryUsage.rss() });
  } catch (error) {
    const reason = plainReason(error);
    await send({ type: "runFailed", reason, residentBytes: process.memoryUsage.rss() });
  }
}

async function carryOut(work: MemberWork): Promise<MemberResult> {
  if (work.type === "analyse") {
    analyser ??= import("./analyser.ts").then(({ Analyser: Loaded }) => new Loaded(threads));
    return { type: "analyse", analysis: await (await analyser).analyse(work.request, work.files) };
  }
  const { request } = work;
  const engine = await engineFor(request.engine);
  return { type: "speak", audio: await applyEffects(await engine.synthesize(request), request.effects) };
}

/** Engines other than the one that a member starts with are loaded when something first needs them. */
async function engineFor(name: UtteranceRequest["engine"]): Promise<Engine> {
  const loaded = engines.get(name);
  if (loaded !== undefined) return loaded;
  const engine = await loadEngine(name);
  engines.set(name, engine);
  return engine;
}

async function loadEngine(name: UtteranceRequest["engine"]): Promise<Engine> {
  switch (name) {
    case "piper": {
      const { PiperEngine } = await import("./engines/piper.ts");
      return new PiperEngine({ threads });
    }
    case "espeak": {
      const { EspeakEngine } = await import("./engines/espeak.ts");
      return new EspeakEngine();
    }
    default:
      throw new Error(`the engine ${name} is not loaded`);
  }
}

async function load(setup: MemberSetup): Promise<MemberReady> {
  const { provider } = await loadWithFirstProvider(
    setup.providers,
    (candidate) => loadEngines(setup, candidate),
    (candidate) => send({ type: "attempt", provider: candidate }),
    (refused) => send({ type: "refused", ...refused }),
  );
  const precision = modelFor(setup, provider)?.precision ?? null;
  return { provider, precision, residentBytes: process.memoryUsage.rss() };
}

/** Engines are imported when they are needed, so that a member without models loads no native library. */
async function loadEngines(setup: MemberSetup, provider: ExecutionProvider): Promise<void> {
  if (setup.fake !== null) {
    const { FakeEngine } = await import("./engines/fake.ts");
    engines.set("fake", await FakeEngine.load(setup.fake, provider));
  }
  const model = modelFor(setup, provider);
  if (model === null) return;
  const { KokoroEngine } = await import("./engines/kokoro.ts");
  const { multipliesExactly } = await import("./vnni.ts");
  const path = model.vnniPath !== null && (await multipliesExactly()) ? model.vnniPath : model.path;
  const engine = await KokoroEngine.load(path, { provider, threads: setup.threads });
  await engine.synthesize(PROBE_UTTERANCE);
  if (provider !== "cpu") await refuseSlowGpu(engine, setup.gpuRealTimeFactorLimit);
  engines.set("kokoro", engine);
}

function modelFor({ kokoro }: MemberSetup, provider: ExecutionProvider): MemberModel | null {
  if (kokoro === null) return null;
  return provider === "cpu" ? kokoro.cpu : kokoro.gpu;
}

/** A software rasteriser also calls itself a GPU; only the second run is telling, the first compiles kernels. */
async function refuseSlowGpu(engine: Engine, limit: number): Promise<void> {
  const realTimeFactor = realTimeFactorOf(await engine.synthesize(PROBE_UTTERANCE));
  if (realTimeFactor <= limit) return;
  throw new Error(
    `slower than the CPU: real-time factor ${realTimeFactor.toFixed(2)}, limit ${limit.toFixed(2)}`,
  );
}

/** Waits until the message has left: what comes next may end the process. */
function send(message: FromMember): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) process.exit(0);
    process.send(message, () => resolve());
  });
}
