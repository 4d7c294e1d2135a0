// What the stress test spawns and kills: loads Kokoro, says "ready" and speaks until it is ended. Runs as a
// process and as a thread alike.
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { KokoroEngine } from "../src/inference/engines/kokoro.ts";
import { PROBE_UTTERANCE } from "../src/inference/probe.ts";

const path = isMainThread ? process.argv[2] : (workerData as string);
const engine = await KokoroEngine.load(path ?? "", { provider: "cpu", threads: 1 });

function tell(message: "ready" | "spoken"): void {
  if (isMainThread) process.send?.(message);
  else parentPort?.postMessage(message);
}

process.on("disconnect", () => process.exit(0));
tell("ready");
for (;;) {
  await engine.synthesize(PROBE_UTTERANCE);
  tell("spoken");
}
