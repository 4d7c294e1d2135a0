import type { ExecutionProvider, RefusedProvider } from "./contract.ts";
import { plainReason } from "./reason.ts";

/**
 * Loads with the first provider of `order` that works.
 * @param attempt is awaited before a provider is tried, so that the parent knows what killed this process.
 * @param refuse is called with every provider passed over and why, in plain words.
 * @throws Error of the last provider when none works.
 */
export async function loadWithFirstProvider<T>(
  order: readonly ExecutionProvider[],
  load: (provider: ExecutionProvider) => Promise<T>,
  attempt: (provider: ExecutionProvider) => Promise<void>,
  refuse: (refused: RefusedProvider) => Promise<void>,
): Promise<{ readonly provider: ExecutionProvider; readonly loaded: T }> {
  let failure: unknown = new Error("no execution provider is left to try");
  for (const provider of order) {
    await attempt(provider);
    try {
      return { provider, loaded: await load(provider) };
    } catch (error) {
      failure = error;
      await refuse({ provider, reason: plainReason(error) });
    }
  }
  throw failure;
}
