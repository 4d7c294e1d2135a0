import { readFile } from "node:fs/promises";
import { type Section, tell } from "./report.ts";
import { type ApiMemory, type Service, withService } from "./service.ts";
import { HARVARD_SENTENCES } from "./texts.ts";

const LIMIT = 1.05;
/** Jobs under way at once, as many as the service takes by default on a small machine. */
const SIDE_BY_SIDE = 4;

interface Snapshot {
  readonly jobs: number;
  readonly api: ApiMemory;
  /** Resident bytes of each member of the pool, in its order. */
  readonly members: readonly number[];
}

/** Memory after few and after many short jobs: what grows with every job would show. */
export async function benchMemory({ few, many }: { few: number; many: number }): Promise<Section> {
  const snapshots = await withService(async (service) => {
    await speak(service, 0, few);
    const early = await snapshot(service, few);
    await speak(service, few, many);
    return [early, await snapshot(service, many)] as const;
  });
  const [early, late] = snapshots;
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  const row = (name: string, of: (snapshot: Snapshot) => number) => [
    name,
    megabytes(of(early)),
    megabytes(of(late)),
    (of(late) / of(early)).toFixed(3),
  ];
  const rows = {
    resident: row("API process, resident", ({ api }) => api.residentBytes),
    collected: row("API process, resident after a full collection", ({ api }) => api.collectedBytes),
    heap: row("API process, JavaScript heap after it", ({ api }) => api.heapBytes),
    external: row("API process, buffers outside it", ({ api }) => api.externalBytes),
    members: early.members.map((_, index) =>
      row(`pool member ${index}, resident`, ({ members }) => members[index] ?? 0),
    ),
  };
  const total = ({ members }: Snapshot) => members.reduce((sum, bytes) => sum + bytes, 0);
  return {
    title: "Memory",
    notes: [
      `After ${few} and after ${many} jobs of one short sentence, ten sentences in turn, ${SIDE_BY_SIDE} jobs side ` +
        `by side, on one service; megabytes. The goal is on what is left after a full collection: that grows with ` +
        "a leak, and not with the moment at which the collector last ran.",
    ],
    columns: ["", `after ${few} jobs`, `after ${many} jobs`, "ratio"],
    rows: [rows.resident, rows.collected, rows.heap, rows.external, ...rows.members],
    goals: [
      goal("memory of the API process", late.api.collectedBytes / early.api.collectedBytes),
      goal("memory of the pool's members", total(late) / total(early)),
    ],
  };
}

function goal(what: string, value: number) {
  return { what, value, bound: "at most", limit: LIMIT } as const;
}

async function speak(service: Service, from: number, to: number): Promise<void> {
  let next = from;
  let done = from;
  await Promise.all(
    Array.from({ length: SIDE_BY_SIDE }, async () => {
      while (next < to) {
        const text = HARVARD_SENTENCES[next++ % HARVARD_SENTENCES.length] ?? "";
        await service.speak({ text, voiceId: "af_heart", format: "WAV" });
        done++;
        if (done % 50 === 0) tell(`memory: ${done} jobs`);
      }
    }),
  );
}

async function snapshot(service: Service, jobs: number): Promise<Snapshot> {
  await service.warm();
  const members = await Promise.all(service.memberPids.map(residentBytes));
  return { jobs, members, api: await service.memory() };
}

/** @throws Error where there is no /proc: only Linux tells. */
async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kibibytes === undefined) throw new Error("the kernel does not tell the resident size");
  return Number(kibibytes) * 1024;
}
