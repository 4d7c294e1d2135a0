import { once } from "node:events";
import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { Random } from "../test/helpers/random.ts";
import { Bystander, type Observed } from "../test/hostile/bystander.ts";
import { mutatedDocument, nastyOperation } from "../test/hostile/mutations.ts";
import { hostileSocket, openSocket } from "../test/hostile/raw.ts";
import type { Section } from "./report.ts";
import { tell } from "./report.ts";
import { Service } from "./service.ts";
import { pairedRatios, quantile, summarise, withSpread } from "./statistics.ts";

const LIMIT = 2;
const SEED = 20_260_731;
/** What an address may send by default. */
const REQUESTS_PER_MINUTE = 100;
/** What the client's key may send: more than it does. */
const CLIENT_REQUESTS_PER_MINUTE = 1_000_000;
const ADMIN_KEY = "the-key-of-the-benchmark";
const FLOODS = 4;
const IDLE_SOCKETS = 1_000;
/** Other addresses of this machine: each is a caller of its own. */
const ATTACKER = "127.0.0.2";
const SOCKET_ATTACKER = "127.0.0.3";

/** How long a well-behaved client waits while others attack, beside what it waits in peace. */
export async function benchHostile(options: { rounds: number; windowSeconds: number }): Promise<Section> {
  const { rounds, windowSeconds } = options;
  const service = await Service.start({
    ...{ INFERENCE_ENGINE: "fake", INFERENCE_MEMBERS: "1" },
    ...{ AUTH: "open", API_KEYS: `bench:${ADMIN_KEY}:admin` },
    RATE_LIMIT_PER_MINUTE: String(REQUESTS_PER_MINUTE),
  });
  const calm: Observed[] = [];
  const attacked: Observed[] = [];
  let hostile = 0;
  try {
    const key = await clientKey(service.url);
    const watched = () => watch(service.url, key, windowSeconds);
    await watched();
    for (let round = 1; round <= rounds; round++) {
      calm.push(await watched());
      const attack = new Attack(service.url, SEED + round);
      attacked.push(await watched());
      hostile += await attack.stop();
      tell(`hostile: round ${round} of ${rounds}`);
    }
  } finally {
    await service.stop();
  }
  return section(calm, attacked, hostile, options);
}

async function clientKey(url: string): Promise<string> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-API-Key": ADMIN_KEY },
    body: JSON.stringify({
      query:
        "mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { ... on IssuedApiKey { secret } } }",
      variables: {
        input: {
          name: "client",
          scopes: ["SYNTHESIZE", "VOICES_READ"],
          limits: { requestsPerMinute: CLIENT_REQUESTS_PER_MINUTE },
        },
      },
    }),
  });
  const { data } = (await response.json()) as { data?: { createApiKey: { secret?: string } } };
  if (data?.createApiKey.secret === undefined) throw new Error("no key was made");
  return data.createApiKey.secret;
}

async function watch(url: string, key: string, seconds: number): Promise<Observed> {
  const bystander = new Bystander(url, key);
  await pause(seconds * 1000);
  return await bystander.stop();
}

/** Floods of mutated documents, idle connections, and WebSockets that break the protocol, all at once. */
class Attack {
  readonly #url: string;
  readonly #random: Random;
  readonly #agent = new Agent({ keepAlive: true, localAddress: ATTACKER } as never);
  readonly #stop = new AbortController();
  readonly #done: Promise<unknown>;
  #requests = 0;

  constructor(url: string, seed: number) {
    this.#url = url;
    this.#random = new Random(seed);
    const floods = Array.from({ length: FLOODS }, () => this.#repeat(() => this.#post()));
    this.#done = Promise.all([...floods, this.#repeat(() => this.#socket()), this.#idle()]);
  }

  /** @returns how many hostile requests were made. */
  async stop(): Promise<number> {
    this.#stop.abort();
    await this.#done;
    this.#agent.destroy();
    return this.#requests;
  }

  async #repeat(act: () => Promise<unknown>): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await act().catch(() => {});
      this.#requests += 1;
    }
  }

  async #post(): Promise<void> {
    const random = this.#random;
    const operation = random.next() < 0.5 ? { query: mutatedDocument(random) } : nastyOperation(random);
    const sent = request(`${this.#url}/graphql`, {
      method: "POST",
      agent: this.#agent,
      headers: { "Content-Type": "application/json" },
    });
    sent.end(JSON.stringify(operation));
    const [response] = await once(sent, "response");
    response.resume();
    await once(response, "end");
  }

  async #socket(): Promise<void> {
    await hostileSocket(this.#url, { localAddress: SOCKET_ATTACKER }, (socket) => socket.send("{"));
  }

  async #idle(): Promise<void> {
    const sockets = await Promise.all(
      Array.from({ length: IDLE_SOCKETS }, (_, i) => openSocket(this.#url, `127.0.1.${i % 250}`)),
    );
    if (!this.#stop.signal.aborted) await once(this.#stop.signal, "abort");
    for (const socket of sockets) socket.destroy();
  }
}

function section(
  calm: readonly Observed[],
  attacked: readonly Observed[],
  hostile: number,
  { rounds, windowSeconds }: { rounds: number; windowSeconds: number },
): Section {
  const p95s = (observed: readonly Observed[]) => observed.map(({ queries }) => quantile(queries, 0.95));
  const medians = (observed: readonly Observed[]) => observed.map(({ queries }) => quantile(queries, 0.5));
  const sum = (observed: readonly Observed[], of: (one: Observed) => number) =>
    observed.reduce((total, one) => total + of(one), 0);
  const row = (name: string, observed: readonly Observed[]) => [
    name,
    withSpread(summarise(medians(observed)), 1),
    withSpread(summarise(p95s(observed)), 1),
    String(sum(observed, ({ queries }) => queries.length)),
    String(sum(observed, ({ jobs }) => jobs)),
    String(sum(observed, ({ failures }) => failures.length)),
  ];
  const ratio = summarise(pairedRatios(p95s(attacked), p95s(calm)));
  return {
    title: "A well-behaved client beside an attack",
    notes: [
      `A client queries voices and has jobs spoken (fake engine), ${rounds} windows of ${windowSeconds} s in peace and as many under attack, in turns.`,
      `The attack, from other addresses: ${FLOODS} floods of mutated documents as fast as they are answered, ${IDLE_SOCKETS} idle connections, WebSockets that break the protocol; ${hostile} requests in all. Limit: ${REQUESTS_PER_MINUTE} requests a minute for an address; the client has a key with a limit of its own.`,
      `Client, attackers and service share the machine. p95 under attack over p95 in peace: ${withSpread(ratio, 2)}.`,
    ],
    columns: ["", "p50 ms", "p95 ms", "queries", "jobs", "failures"],
    rows: [row("in peace", calm), row("under attack", attacked)],
    goals: [
      { what: "p95 under attack over p95 in peace", value: ratio.median, bound: "at most", limit: LIMIT },
      {
        what: "failures of the client",
        value: sum(attacked, ({ failures }) => failures.length),
        bound: "at most",
        limit: 0,
      },
    ],
  };
}
