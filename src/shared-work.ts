interface Task<Value> {
  readonly result: Promise<Value>;
  readonly controller: AbortController;
  waiting: number;
}

/** Work that is done once, however many wait for it at a time, and given up when nobody does any more. */
export class SharedWork<Value> {
  readonly #tasks = new Map<string, Task<Value>>();

  /**
   * Waits for the work of this name, which begins unless it is under way.
   *
   * @param work gets a signal that aborts once all who waited have gone
   * @param signal of the caller: aborted, it stops waiting, and the work goes on for the others
   * @throws what the work throws, to all who wait; the reason of the caller's signal when that is aborted
   */
  async wait(
    name: string,
    work: (signal: AbortSignal) => Promise<Value>,
    signal?: AbortSignal,
  ): Promise<Value> {
    signal?.throwIfAborted();
    const task = this.#tasks.get(name) ?? this.#begin(name, work);
    task.waiting += 1;
    try {
      return await unlessAborted(task.result, signal);
    } finally {
      task.waiting -= 1;
      if (task.waiting === 0) {
        // Who comes now begins anew; once the work has ended there is nothing left to abort.
        this.#tasks.delete(name);
        task.controller.abort(signal?.reason);
      }
    }
  }

  #begin(name: string, work: (signal: AbortSignal) => Promise<Value>): Task<Value> {
    const controller = new AbortController();
    const result = work(controller.signal);
    // Those who wait meet its failure; when it was given up, nobody does.
    result.catch(() => {});
    const task = { result, controller, waiting: 0 };
    this.#tasks.set(name, task);
    return task;
  }
}

async function unlessAborted<Value>(result: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return await result;
  let abort = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
  });
  try {
    return await Promise.race([result, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
