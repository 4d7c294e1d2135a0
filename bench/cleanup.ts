const pending = new Set<() => Promise<void>>();

/**
 * Remembers how something is taken away again, for a bench that is interrupted in between.
 * @returns what takes it away now, once
 */
export function cleanup(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  const once = () => {
    pending.delete(once);
    done ??= work();
    return done;
  };
  pending.add(once);
  return once;
}

/** Takes away everything that is still there. */
export async function cleanUpAll(): Promise<void> {
  await Promise.allSettled([...pending].map((work) => work()));
}
