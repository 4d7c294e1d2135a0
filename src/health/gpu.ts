import { execFile } from "node:child_process";

/** nvidia-smi needs tens of milliseconds; on a machine whose driver hangs it would need for ever. */
const TIMEOUT_MS = 2_000;
/** Every look starts a process, so one serves whoever asks within this time. */
const FRESH_MS = 5_000;
/** A machine without the program does not get it while we look. */
const ABSENT_FRESH_MS = 60_000;

const FIELDS = [
  "index",
  "name",
  "driver_version",
  "memory.total",
  "memory.used",
  "utilization.gpu",
  "temperature.gpu",
] as const;

const BYTES_PER_MIB = 1024 * 1024;

/** A graphics processor as its driver reports it. */
export interface GpuStatus {
  readonly index: number;
  readonly name: string;
  readonly driverVersion: string;
  readonly memoryTotalBytes: number;
  readonly memoryUsedBytes: number;
  /** Share of the last second in which it computed, 0 to 1; null where the driver does not tell. */
  readonly utilisation: number | null;
  readonly temperatureCelsius: number | null;
}

/** What is said where there is none. */
export const NO_GPU = "none";

export interface GpuReport {
  readonly gpus: readonly GpuStatus[];
  /** Why none is reported; null when at least one is. */
  readonly reason: string | null;
}

/** Reads the table that `nvidia-smi --query-gpu … --format=csv,noheader,nounits` prints. */
export function parseGpus(csv: string): GpuStatus[] {
  return csv
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [index, name, driverVersion, total, used, utilisation, temperature] = line
        .split(",")
        .map((cell) => cell.trim());
      const percent = number(utilisation);
      return {
        index: number(index) ?? 0,
        name: name ?? "unknown",
        driverVersion: driverVersion ?? "unknown",
        memoryTotalBytes: (number(total) ?? 0) * BYTES_PER_MIB,
        memoryUsedBytes: (number(used) ?? 0) * BYTES_PER_MIB,
        utilisation: percent === null ? null : percent / 100,
        temperatureCelsius: number(temperature),
      };
    });
}

/** `[N/A]` and `[Not Supported]` are how the driver says that it does not know. */
function number(cell: string | undefined): number | null {
  return cell !== undefined && /^-?\d+(\.\d+)?$/.test(cell) ? Number(cell) : null;
}

/** Asks for the machine's GPUs, at most every few seconds however many ask. It never throws. */
export class GpuProbe {
  readonly #program: string;
  #report: Promise<GpuReport> | null = null;
  #askedAt = Number.NEGATIVE_INFINITY;
  #freshMs = FRESH_MS;

  /** @param program the `nvidia-smi` to run */
  constructor(program = "nvidia-smi") {
    this.#program = program;
  }

  look(): Promise<GpuReport> {
    const now = performance.now();
    if (this.#report === null || now - this.#askedAt > this.#freshMs) {
      this.#askedAt = now;
      this.#report = this.#ask();
    }
    return this.#report;
  }

  #ask(): Promise<GpuReport> {
    const args = [`--query-gpu=${FIELDS.join(",")}`, "--format=csv,noheader,nounits"];
    return new Promise((resolve) => {
      execFile(this.#program, args, { timeout: TIMEOUT_MS, killSignal: "SIGKILL" }, (error, stdout) => {
        const absent = (error as NodeJS.ErrnoException | null)?.code === "ENOENT";
        this.#freshMs = absent ? ABSENT_FRESH_MS : FRESH_MS;
        if (error !== null) resolve({ gpus: [], reason: absent ? NO_GPU : failure(error) });
        else {
          const gpus = parseGpus(stdout);
          resolve({ gpus, reason: gpus.length > 0 ? null : NO_GPU });
        }
      });
    });
  }
}

function failure(error: Error & { killed?: boolean }): string {
  return error.killed
    ? `nvidia-smi did not answer within ${TIMEOUT_MS / 1000} s`
    : "nvidia-smi fails; run it on the machine to see why";
}
