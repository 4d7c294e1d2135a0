// GraphQL Yoga with hand-written resolvers over PGlite and nothing else: one statement and the objects it gives.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PGlite } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import { createSchema, createYoga } from "graphql-yoga";
import type { Db } from "../src/db/client.ts";
import * as tables from "../src/db/tables.ts";
import { listVoices } from "../src/voices/list.ts";
import { answerRequests } from "./child.ts";

export interface YogaStart {
  /** An embedded database that the service's own code has set up, closed again. */
  readonly database: string;
}

export interface YogaStarted {
  readonly port: number;
  readonly sql: string;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly language: string;
}

const typeDefs = /* GraphQL */ `
  type Query { voices(first: Int): VoiceConnection! }
  type VoiceConnection { edges: [VoiceEdge!]! }
  type VoiceEdge { node: Voice! }
  type Voice { id: ID!, name: String!, language: Language! }
  type Language { code: String! }
`;

/** The statement that the service itself sends for this page, read off its own code. */
async function statementOf(client: PGlite, limit: number): Promise<{ sql: string; params: unknown[] }> {
  let statement = { sql: "", params: [] as unknown[] };
  const logQuery = (sql: string, params: unknown[]) => {
    statement = { sql, params };
  };
  const db = drizzle(client, { schema: tables, casing: "snake_case", logger: { logQuery } });
  await listVoices(
    db as unknown as Db,
    "default",
    {},
    { field: "NAME", direction: "ASC" },
    { limit, inverted: false },
  );
  return statement;
}

async function start({ database }: YogaStart): Promise<YogaStarted> {
  const client = await PGlite.create(database);
  // One row more than the page: that is how the service knows whether another page follows.
  const { sql, params } = await statementOf(client, 21);
  const yoga = createYoga({
    logging: false,
    schema: createSchema({
      typeDefs,
      resolvers: {
        Query: {
          voices: async (_root, { first }: { first: number }) => {
            const { rows } = await client.query<Row>(sql, params);
            return { edges: rows.slice(0, first).map((node) => ({ node })) };
          },
        },
        Voice: { language: ({ language }: Row) => ({ code: language }) },
      },
    }),
  });
  const server = createServer(yoga);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, sql };
}

answerRequests(start);
