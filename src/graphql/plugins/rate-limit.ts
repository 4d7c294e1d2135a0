import { Store, useRateLimiter } from "@envelop/rate-limiter";
import { BREAK, type DocumentNode, type ExecutionResult, GraphQLError, visit } from "graphql";
import type { Plugin } from "graphql-yoga";
import type { Context } from "../../context.ts";
import { setRateHeaders } from "../../limits/rate-limit.ts";
import { isFileWeight } from "../../limits/weights.ts";
import type { Resources } from "../../resources.ts";
import type { ServerContext } from "../server.ts";

type Charged = Context & Partial<Pick<ServerContext, "res">>;

/**
 * The limiter reads what was used, decides, and writes: two requests at once would both pass. So deciding and
 * counting happen here, in one step, when it asks what was used. It hears "nothing" when the call fits and an
 * error when it does not; it has nothing left to write. All calls of one operation are asked about before the
 * first answer is due, so they are charged together: all of them or none.
 */
class ExactStore extends Store {
  readonly #weights: Readonly<Record<string, number>>;
  readonly #charge: (context: Charged, cost: number) => Promise<void>;
  readonly #pending = new WeakMap<Charged, Pending>();

  constructor(
    weights: Readonly<Record<string, number>>,
    charge: (context: Charged, cost: number) => Promise<void>,
  ) {
    super();
    this.#weights = weights;
    this.#charge = charge;
  }

  override async getForIdentity({ contextIdentity, fieldIdentity }: StoreIdentity): Promise<number[]> {
    const context = contextIdentity as unknown as Charged;
    const pending = this.#pending.get(context) ?? this.#open(context);
    pending.cost += this.#weights[fieldIdentity] ?? 0;
    await pending.charged;
    return [];
  }

  #open(context: Charged): Pending {
    const charged: Promise<void> = Promise.resolve().then(() => {
      this.#pending.delete(context);
      return this.#charge(context, pending.cost);
    });
    const pending: Pending = { cost: 0, charged };
    this.#pending.set(context, pending);
    return pending;
  }

  override setForIdentity(): void {}
}

interface Limitable {
  readonly args: { readonly document: DocumentNode };
  setResultAndStopExecution(result: ExecutionResult): void;
}

interface Pending {
  cost: number;
  readonly charged: Promise<void>;
}

type StoreIdentity = Parameters<Store["getForIdentity"]>[0];

/**
 * Charges fields that have a weight, each call of them, beside the 1 that every request costs before it is
 * read: `@envelop/rate-limiter` finds them in the document, aliases and fragments included.
 */
export function limitFields({ rateLimits }: Resources): Plugin<Context, ServerContext> {
  const { weights } = rateLimits;
  const fields = Object.keys(weights).filter((name) => weights[name] !== 0 && !isFileWeight(name));
  const limiter = useRateLimiter({
    // The store gets this as it is; a name alone would not tell it whose answer the headers go with.
    identifyFn: (context) => context as never,
    store: new ExactStore(weights, async (context, cost) => {
      const caller = rateLimits.callerOf(context.identity, context.actor.ip);
      await rateLimits.charge(caller, cost, (left) => {
        if (context.res !== undefined) setRateHeaders(context.res, left);
      });
    }),
    configByField: fields.map((field) => ({ type: "{Query,Mutation,Subscription}", field, max: 1 })),
  });
  const onExecute = limiter.onExecute as (payload: unknown) => unknown;
  // A refusal is made the operation's result: those who follow operations (metrics, audit) would not see it thrown.
  const limited = async (payload: Limitable) => {
    try {
      await onExecute(payload);
    } catch (error) {
      payload.setResultAndStopExecution({ errors: [asGraphQLError(error)] });
    }
  };
  const namesWeighted = naming(new Set(fields));
  const charge = (payload: Limitable) =>
    namesWeighted(payload.args.document) ? limited(payload) : undefined;
  // The package itself passes subscriptions over.
  return { onExecute: charge, onSubscribe: (payload) => charge(payload as Limitable) };
}

/** Arguments that are wrong are found here already, by GraphQL itself and in its words. */
function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  return new GraphQLError("refused", {
    originalError: error instanceof Error ? error : new Error(String(error)),
  });
}

/** Whether a document names one of these fields anywhere. Documents are kept parsed, so each is read once. */
function naming(fields: ReadonlySet<string>): (document: DocumentNode) => boolean {
  const known = new WeakMap<DocumentNode, boolean>();
  return (document) => {
    let found = known.get(document);
    if (found !== undefined) return found;
    found = false;
    visit(document, {
      Field: ({ name }) => {
        if (!fields.has(name.value)) return undefined;
        found = true;
        return BREAK;
      },
    });
    known.set(document, found);
    return found;
  };
}
