/**
 * First come, first served within a group; groups take turns. So a job of a thousand utterances delays a job
 * of one by one utterance, not by a thousand.
 */
export class FairQueue<T> {
  /** In the order of their next turn: Map keeps insertion order. */
  readonly #groups = new Map<string, T[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(group: string, item: T): void {
    const items = this.#groups.get(group);
    if (items === undefined) this.#groups.set(group, [item]);
    else items.push(item);
    this.#size += 1;
  }

  /** Puts an item ahead of every other one: it had its turn and lost it through no fault of its own. */
  pushFirst(group: string, item: T): void {
    const items = this.#groups.get(group) ?? [];
    const others = [...this.#groups].filter(([name]) => name !== group);
    this.#groups.clear();
    this.#groups.set(group, [item, ...items]);
    for (const [name, waiting] of others) this.#groups.set(name, waiting);
    this.#size += 1;
  }

  /** The next item, whose group then goes to the end of the line. */
  shift(): T | undefined {
    const [next] = this.#groups;
    if (next === undefined) return undefined;
    const [group, items] = next;
    const item = items.shift();
    this.#groups.delete(group);
    if (items.length > 0) this.#groups.set(group, items);
    this.#size -= 1;
    return item;
  }

  /** Takes one item out wherever it waits; false when it does not wait here. */
  remove(group: string, item: T): boolean {
    const items = this.#groups.get(group);
    const index = items?.indexOf(item) ?? -1;
    if (items === undefined || index < 0) return false;
    items.splice(index, 1);
    if (items.length === 0) this.#groups.delete(group);
    this.#size -= 1;
    return true;
  }

  /** Empties the queue and returns what waited. */
  clear(): T[] {
    const all = [...this.#groups.values()].flat();
    this.#groups.clear();
    this.#size = 0;
    return all;
  }
}
