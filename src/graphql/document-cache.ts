const MAX_DOCUMENTS = 500;
/** Longer ones hold a text to be spoken: it will not come again, and is not ours to keep. */
const MAX_CHARACTERS = 8_192;

/** Parsed documents by their text, the least recently used forgotten first: a few MB at most. */
export class DocumentCache<Value> {
  readonly #entries = new Map<string, Value>();

  get(text: string): Value | undefined {
    const value = this.#entries.get(text);
    if (value !== undefined) {
      this.#entries.delete(text);
      this.#entries.set(text, value);
    }
    return value;
  }

  set(text: string, value: Value): void {
    if (text.length > MAX_CHARACTERS) return;
    this.#entries.set(text, value);
    if (this.#entries.size <= MAX_DOCUMENTS) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
