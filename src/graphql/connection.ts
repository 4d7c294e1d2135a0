import { type DefaultConnectionArguments, parseCursorConnectionArgs } from "@pothos/plugin-relay";
import { z } from "zod";
import type { ListPage } from "../db/page.ts";
import { InvalidInputError } from "../errors.ts";

const MAX_PAGE = 100;
const DEFAULT_PAGE = 20;

const pageSize = z.int().refine((size) => size >= 1 && size <= MAX_PAGE, `accepts 1 to ${MAX_PAGE}`);

/** Rules of the four arguments that every connection takes. */
export const connectionRules = z.looseObject({ first: pageSize.nullish(), last: pageSize.nullish() });

/** An item of a page. Its cursor is made when it is asked for: most clients ask for the last one's alone. */
class Edge<Row> {
  readonly node: Row;
  readonly #keyOf: (row: Row) => readonly string[];

  constructor(node: Row, keyOf: (row: Row) => readonly string[]) {
    this.node = node;
    this.#keyOf = keyOf;
  }

  get cursor(): string {
    return encodeCursor(this.#keyOf(this.node));
  }
}

interface Page<Row, Filter> {
  readonly edges: Edge<Row>[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  /** For `totalCount`, which counts only when it is asked for. */
  readonly filter: Filter;
}

/**
 * One page of a list that is sorted by `keyOf`. `list` reads up to `limit` rows behind `after` or before
 * `before`, in reverse order when `inverted`.
 */
export async function resolvePage<Row, Filter>(
  args: DefaultConnectionArguments,
  filter: Filter,
  keyOf: (row: Row) => readonly string[],
  list: (page: ListPage) => Promise<Row[]>,
): Promise<Page<Row, Filter>> {
  const { hasNextPage, hasPreviousPage, expectedSize, ...request } = parseCursorConnectionArgs({
    args: args as Parameters<typeof parseCursorConnectionArgs>[0]["args"],
    defaultSize: DEFAULT_PAGE,
    maxSize: MAX_PAGE,
  });
  const rows = await list(request);
  const shown = rows.slice(0, expectedSize);
  if (request.inverted) shown.reverse();
  const edges = shown.map((row) => new Edge(row, keyOf));
  return {
    edges,
    pageInfo: {
      hasNextPage: hasNextPage(rows.length),
      hasPreviousPage: hasPreviousPage(rows.length),
      get startCursor() {
        return edges[0]?.cursor ?? null;
      },
      get endCursor() {
        return edges.at(-1)?.cursor ?? null;
      },
    },
    filter,
  };
}

/** A cursor is the sort key of its row as JSON, base64url: opaque to clients, stable while rows come and go. */
function encodeCursor(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

/**
 * The sort key in a cursor.
 *
 * @param part what each part must be: what a column would refuse to be compared with is no cursor of ours
 * @throws InvalidInputError for anything that `encodeCursor` did not make.
 */
export function decodeCursor(cursor: string, parts: number, part: z.ZodType<string> = z.string()): string[] {
  try {
    return z
      .array(part)
      .length(parts)
      .parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
  } catch {
    throw foreignCursor();
  }
}

/** For cursors that no page of the list has held. */
export function foreignCursor(): InvalidInputError {
  return new InvalidInputError([
    { path: ["after"], message: "accepts a cursor that this list has given out" },
  ]);
}
