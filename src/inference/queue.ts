/** What the pool queues: whose it is, and whether anybody waits for it. */
interface Queued {
  readonly group: string;
  readonly background: boolean;
}

/** Two fair queues: what is in the background comes only when nothing else waits. */
export class WorkQueue<T extends Queued> {
  readonly #waitedFor = new FairQueue<T>();
  readonly #background = new FairQueue<T>();

  get size(): number {
    return this.#waitedFor.size + this.#background.size;
  }

  push(item: T): void {
    this.#of(item).push(item.group, item);
  }

  /** Puts an item ahead of every other one of its queue. */
  pushFirst(item: T): void {
    this.#of(item).pushFirst(item.group, item);
  }

  /** @param background whether what is in the background may come now. */
  shift({ background }: { background: boolean }): T | undefined {
    return this.#waitedFor.shift() ?? (background ? this.#background.shift() : undefined);
  }

  /** Takes one item out wherever it waits; false when it does not wait here. */
  remove(item: T): boolean {
    return this.#of(item).remove(item.group, item);
  }

  /** Empties both queues and returns what waited. */
  clear(): T[] {
    return [...this.#waitedFor.clear(), ...this.#background.clear()];
  }

  #of(item: T): FairQueue<T> {
    return item.background ? this.#background : this.#waitedFor;
  }
}

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
