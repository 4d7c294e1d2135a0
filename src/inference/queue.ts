import type { WorkPriority } from "./contract.ts";

/** Whose an item is, and what it belongs to. */
interface Turned {
  /** Owners take turns. */
  readonly owner: string;
  /** The groups of an owner take turns. */
  readonly group: string;
}

/** What the pool queues: whose it is, and how urgently somebody waits for it. */
interface Queued extends Turned {
  readonly priority: WorkPriority;
}

/** What somebody waits for, the most urgent first. */
const WAITED_FOR = ["first", "interactive", "batch"] as const;
type WaitedFor = (typeof WAITED_FOR)[number];

/**
 * How often others go ahead of a class that waits before one item of it has its turn all the same: under a steady load
 * of what is more urgent it gets this share of the machine and does not starve.
 */
const PATIENCE: Record<WaitedFor, number> = { first: 0, interactive: 3, batch: 7 };

/**
 * Four fair queues, one for each class. What is more urgent goes first, within the patience of the others; what is in the
 * background comes only when nothing else waits.
 */
export class WorkQueue<T extends Queued> {
  readonly #queues: Record<WorkPriority, FairQueue<T>> = {
    first: new FairQueue(),
    interactive: new FairQueue(),
    batch: new FairQueue(),
    background: new FairQueue(),
  };
  /** How often in a row each class has waited while another went. */
  readonly #passedOver: Record<WaitedFor, number> = { first: 0, interactive: 0, batch: 0 };

  get size(): number {
    return Object.values(this.#queues).reduce((sum, { size }) => sum + size, 0);
  }

  push(item: T): void {
    this.#queues[item.priority].push(item);
  }

  /** Puts an item ahead of every other one of its class. */
  pushFirst(item: T): void {
    this.#queues[item.priority].pushFirst(item);
  }

  /** @param background whether what is in the background may come now. */
  shift({ background }: { background: boolean }): T | undefined {
    const waiting = WAITED_FOR.filter((priority) => this.#queues[priority].size > 0);
    const [most] = waiting;
    if (most === undefined) return background ? this.#queues.background.shift() : undefined;
    const impatient = waiting.find((priority) => priority !== most && this.#isImpatient(priority));
    const next = impatient ?? most;
    for (const priority of WAITED_FOR) {
      const passedOver = priority !== next && this.#queues[priority].size > 0;
      this.#passedOver[priority] = passedOver ? this.#passedOver[priority] + 1 : 0;
    }
    return this.#queues[next].shift();
  }

  /** Takes one item out wherever it waits; false when it does not wait here. */
  remove(item: T): boolean {
    return this.#queues[item.priority].remove(item);
  }

  /** Empties all queues and returns what waited. */
  clear(): T[] {
    return Object.values(this.#queues).flatMap((queue) => queue.clear());
  }

  #isImpatient(priority: WaitedFor): boolean {
    return this.#passedOver[priority] >= PATIENCE[priority];
  }
}

/**
 * First come, first served within a group; the groups of an owner take turns, and so do owners. So a job of a thousand
 * utterances delays a job of one by one utterance, not by a thousand, and an owner of many jobs has no larger share
 * than one of few.
 */
export class FairQueue<T extends Turned> {
  /** Owners and their groups, both in the order of their next turn: Map keeps insertion order. */
  readonly #owners = new Map<string, Map<string, T[]>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(item: T): void {
    const { owner, group } = item;
    const groups = this.#owners.get(owner) ?? new Map<string, T[]>();
    this.#owners.set(owner, groups);
    const items = groups.get(group);
    if (items === undefined) groups.set(group, [item]);
    else items.push(item);
    this.#size += 1;
  }

  /** Puts an item ahead of every other one: it had its turn and lost it through no fault of its own. */
  pushFirst(item: T): void {
    const groups = this.#owners.get(item.owner) ?? new Map<string, T[]>();
    moveToFront(groups, item.group, [item, ...(groups.get(item.group) ?? [])]);
    moveToFront(this.#owners, item.owner, groups);
    this.#size += 1;
  }

  /** The next item; its owner goes to the end of the line, and its group to the end of the owner's. */
  shift(): T | undefined {
    const [next] = this.#owners;
    if (next === undefined) return undefined;
    const [owner, groups] = next;
    this.#owners.delete(owner);
    const [turn] = groups;
    if (turn === undefined) return undefined;
    const [group, items] = turn;
    const item = items.shift();
    groups.delete(group);
    if (items.length > 0) groups.set(group, items);
    if (groups.size > 0) this.#owners.set(owner, groups);
    this.#size -= 1;
    return item;
  }

  /** Takes one item out wherever it waits; false when it does not wait here. */
  remove(item: T): boolean {
    const groups = this.#owners.get(item.owner);
    const items = groups?.get(item.group);
    const index = items?.indexOf(item) ?? -1;
    if (groups === undefined || items === undefined || index < 0) return false;
    items.splice(index, 1);
    if (items.length === 0) groups.delete(item.group);
    if (groups.size === 0) this.#owners.delete(item.owner);
    this.#size -= 1;
    return true;
  }

  /** Empties the queue and returns what waited. */
  clear(): T[] {
    const all = [...this.#owners.values()].flatMap((groups) => [...groups.values()].flat());
    this.#owners.clear();
    this.#size = 0;
    return all;
  }
}

/** Makes an entry the first of a map. */
function moveToFront<V>(map: Map<string, V>, key: string, value: V): void {
  const others = [...map].filter(([name]) => name !== key);
  map.clear();
  map.set(key, value);
  for (const [name, other] of others) map.set(name, other);
}
