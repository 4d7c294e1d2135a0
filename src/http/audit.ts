import { z } from "zod";
import { recordAudit } from "../audit/audit.ts";
import { entriesInOrder, visibleAudit } from "../audit/list.ts";
import { entryLine } from "../audit/stream.ts";
import { actorOf } from "../auth/identity.ts";
import { requireScope } from "../auth/refusal.ts";
import { InvalidInputError } from "../errors.ts";
import type { Resources } from "../resources.ts";
import { downloadHeaders } from "./download.ts";
import type { FileExchange } from "./files.ts";
import { pour } from "./stream.ts";

const parameters = z.object({
  after: z
    .string()
    .regex(/^\d{1,15}$/, "accepts the sequence of the last entry that you have")
    .transform(Number)
    .default(0),
  from: z.iso.datetime({ offset: true, error: "accepts a time such as 2026-01-31T12:00:00Z" }).optional(),
  to: z.iso.datetime({ offset: true, error: "accepts a time such as 2026-01-31T12:00:00Z" }).optional(),
});

/**
 * `GET /audit.jsonl?after=&from=&to=`: sealed audit entries in the order of the chain, one JSON object a line. It is
 * read from the database as fast as the client takes it; `after` goes on behind an export that was made before.
 * Without `from` and `to`, a key with `admin` gets the whole chain, which `speaker audit verify --file` can follow.
 *
 * @throws UnauthenticatedError (401), ForbiddenError (403), InvalidInputError (400)
 */
export async function serveAudit(resources: Resources, exchange: FileExchange): Promise<void> {
  const { request, response, query, facts, caller } = exchange;
  if (caller.identity === null) throw caller.refused;
  const { db } = resources;
  const actor = actorOf(caller.identity, facts);
  requireScope(actor, "audit:read");
  const parsed = parameters.safeParse(Object.fromEntries(query));
  if (!parsed.success) {
    throw new InvalidInputError(
      parsed.error.issues.map(({ path, message }) => ({ path: path.map(String), message })),
    );
  }
  const { after, from, to } = parsed.data;
  const filter = visibleAudit(actor, {
    from: from === undefined ? null : new Date(from),
    to: to === undefined ? null : new Date(to),
  });
  await recordAudit(db, actor, {
    action: "audit.export",
    outcome: "ACCEPTED",
    targetType: "audit",
    targetId: null,
    details: { after, from: from ?? null, to: to ?? null },
  });
  const type = "application/x-ndjson; charset=utf-8";
  const headers = downloadHeaders({ type, filename: "speaker-audit.jsonl" });
  if (request.method === "HEAD") {
    response.writeHead(200, headers).end();
    return;
  }
  const entries = filter === null ? [] : entriesInOrder(db, filter, after, null);
  await pour(resources, exchange, { headers, holder: caller.identity, parts: () => lines(entries) });
}

async function* lines(
  entries: ReturnType<typeof entriesInOrder> | readonly never[],
): AsyncGenerator<Uint8Array> {
  for await (const entry of entries) yield Buffer.from(entryLine(entry));
}
