import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { recordAudit } from "../audit/audit.ts";
import { entriesInOrder, visibleAudit } from "../audit/list.ts";
import { entryLine } from "../audit/stream.ts";
import { credentialOfHeaders } from "../auth/credential.ts";
import { actorOf } from "../auth/identity.ts";
import { requireScope } from "../auth/refusal.ts";
import type { RequestFacts } from "../context.ts";
import { InvalidInputError } from "../errors.ts";
import type { Resources } from "../resources.ts";

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
export async function serveAudit(
  { db, auth }: Resources,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  facts: RequestFacts,
): Promise<void> {
  const actor = actorOf(await auth.authenticate(credentialOfHeaders(request.headers)), facts);
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
  response.writeHead(200, {
    "Content-Type": "application/x-ndjson; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Disposition": 'attachment; filename="speaker-audit.jsonl"',
  });
  if (request.method === "HEAD" || filter === null) response.end();
  else await pipeline(Readable.from(lines(entriesInOrder(db, filter, after, null))), response);
}

async function* lines(entries: ReturnType<typeof entriesInOrder>): AsyncGenerator<string> {
  for await (const entry of entries) yield entryLine(entry);
}
