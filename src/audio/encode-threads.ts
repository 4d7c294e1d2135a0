import type { Worker } from "node:worker_threads";
import { siblingThread } from "../program.ts";

/** Threads that are kept for the next file; more than this are ended once their file is done. */
const MAX_IDLE = 2;
/** A thread is replaced after so many files: what codecs leave behind in memory goes with it. */
const MAX_FILES = 200;

const idle: Worker[] = [];
const files = new WeakMap<Worker, number>();

function startThread(): Worker {
  const thread = siblingThread("encode-thread", import.meta.url, { name: "audio-encoder" });
  // Whoever uses it meets its end; one that nobody uses is simply gone.
  thread.on("error", () => {});
  thread.on("exit", () => {
    const at = idle.indexOf(thread);
    if (at >= 0) idle.splice(at, 1);
  });
  return thread;
}

/** Makes a thread ready, its codecs loaded, so that the next file need not wait tens of milliseconds for one. */
export function warmEncodeThread(): void {
  if (idle.length === 0) giveBackThread(startThread());
}

/** A thread that writes files, for one at a time. Give it back, or end it when the file did not come about. */
export function takeThread(): Worker {
  const thread = idle.pop() ?? startThread();
  files.set(thread, (files.get(thread) ?? 0) + 1);
  thread.ref();
  return thread;
}

/** Keeps a thread that has finished its file for another one. */
export function giveBackThread(thread: Worker): void {
  if (idle.length >= MAX_IDLE || (files.get(thread) ?? 0) >= MAX_FILES) {
    void thread.terminate();
    return;
  }
  // It waits for ever; the process need not.
  thread.unref();
  idle.push(thread);
}
