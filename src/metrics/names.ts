/** Distinct names that clients may add to a label. */
const MOST_NAMES = 64;
const NAME = /^[A-Za-z_]\w{0,63}$/;

/**
 * Operation names as a label. Clients choose them, and each would be a time series for ever: the names of Speaker's
 * own client and the first few others are kept, the rest is `other`.
 */
export class BoundedNames {
  readonly #known: ReadonlySet<string>;
  readonly #seen = new Set<string>();

  constructor(known: readonly string[]) {
    this.#known = new Set(known);
  }

  of(name: string | undefined): string {
    if (name === undefined) return "anonymous";
    if (this.#known.has(name) || this.#seen.has(name)) return name;
    if (this.#seen.size >= MOST_NAMES || !NAME.test(name)) return "other";
    this.#seen.add(name);
    return name;
  }
}
