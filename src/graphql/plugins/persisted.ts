import { readFileSync } from "node:fs";
import { usePersistedOperations } from "@graphql-yoga/plugin-persisted-operations";
import { GraphQLError } from "graphql";
import type { Plugin } from "graphql-yoga";
import { z } from "zod";
import { type Config, ConfigError } from "../../config.ts";
import { OperationNotAllowedError } from "../../errors.ts";

const manifest = z.record(z.string().min(1), z.string().min(1));

/** Operations by their digest, as `extensions.persistedQuery.sha256Hash` names them. */
export interface PersistedOperations {
  readonly only: boolean;
  /** @throws OperationNotAllowedError when the list does not hold what the request names, or lets it send text. */
  documentOf(params: OperationParams): string | undefined;
  readonly plugin: Plugin;
}

interface OperationParams {
  readonly query?: string | null | undefined;
  readonly extensions?: Record<string, unknown> | null | undefined;
}

/**
 * Reads the list of operations that clients may name instead of sending their text.
 *
 * @throws ConfigError when the file cannot be read or is no object of digests and documents.
 */
export function readPersistedOperations(
  config: Config["graphql"]["persistedOperations"],
): PersistedOperations | null {
  if (config === null) return null;
  const { file, only } = config;
  const operations = new Map(Object.entries(read(file)));
  const refused = (message: string) =>
    new GraphQLError(message, { originalError: new OperationNotAllowedError(message) });
  const unlisted = () => refused("The list of operations that may be run here does not hold this one.");
  const unnamed = () =>
    refused(
      "Only listed operations may be run here: send extensions.persistedQuery with the sha256Hash of one and no query.",
    );
  const missing = () =>
    new GraphQLError("Send a query, or the sha256Hash of a listed operation.", {
      extensions: { code: "BAD_REQUEST", http: { status: 400 } },
    });
  return {
    only,
    documentOf({ query, extensions }) {
      if (typeof query === "string" && query !== "") {
        if (only) throw unnamed();
        return query;
      }
      const id = digestIn(extensions);
      if (id === null) {
        if (only) throw unnamed();
        return undefined;
      }
      const document = operations.get(id);
      if (document === undefined) throw unlisted();
      return document;
    },
    plugin: usePersistedOperations({
      allowArbitraryOperations: !only,
      getPersistedOperation: (id) => operations.get(id) ?? null,
      customErrors: {
        notFound: unlisted,
        keyNotFound: only ? unnamed : missing,
        persistedQueryOnly: unnamed,
      },
    }),
  };
}

function digestIn(extensions: OperationParams["extensions"]): string | null {
  const named = extensions?.persistedQuery;
  if (typeof named !== "object" || named === null) return null;
  const { version, sha256Hash } = named as Record<string, unknown>;
  return version === 1 && typeof sha256Hash === "string" ? sha256Hash : null;
}

function read(file: string): Record<string, string> {
  try {
    return manifest.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    throw new ConfigError([
      "PERSISTED_OPERATIONS_FILE must name a JSON file that holds one object of SHA-256 digests and documents",
    ]);
  }
}
