import type { IncomingMessage, ServerResponse } from "node:http";
import { recordAudit } from "../audit/audit.ts";
import { credentialOfHeaders } from "../auth/credential.ts";
import { mayOpenFile } from "../auth/file.ts";
import { actorOf } from "../auth/identity.ts";
import type { RequestFacts } from "../context.ts";
import { findDictionary } from "../dictionaries/dictionary.ts";
import type { DictionaryFormat } from "../dictionaries/document.ts";
import { canonicalLanguage } from "../dictionaries/entry.ts";
import { DICTIONARY_FILES, exportPath, writeDictionary } from "../dictionaries/export.ts";
import { InvalidInputError, NotFoundError } from "../errors.ts";
import type { Resources } from "../resources.ts";

/**
 * `GET /dictionaries/:id.pls` and `.csv`: the present entries of a dictionary as a file, with `language` those for that
 * language. It opens to a key of its tenant, or to the signature of `Dictionary.exportUrl`. Every download is in the audit
 * log.
 *
 * @throws UnauthenticatedError (401), ForbiddenError (403), LINK_EXPIRED (410), NotFoundError (404), InvalidInputError (400).
 */
export async function serveDictionary(
  resources: Resources,
  request: IncomingMessage,
  response: ServerResponse,
  { id, format }: { readonly id: string; readonly format: DictionaryFormat },
  query: URLSearchParams,
  facts: RequestFacts,
): Promise<void> {
  const { db, auth } = resources;
  const { headers } = request;
  const dictionary = await findDictionary(db, id);
  const owner = dictionary?.tenant ?? null;
  const scopes = ["voices:read", "synthesize"] as const;
  const open = await mayOpenFile(auth, { path: exportPath(id, format), owner, scopes, query, headers });
  if (!open || dictionary === null) throw new NotFoundError("There is no such dictionary.");
  const content = await writeDictionary(resources, dictionary, format, languageOf(query));
  const { extension, type } = DICTIONARY_FILES[format];
  response.setHeader("Content-Type", type);
  response.setHeader("Content-Length", content.length);
  response.setHeader("Cache-Control", "private, no-store");
  response.setHeader("Content-Disposition", `attachment; filename="${id}.${extension}"`);
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  // By its signature alone nobody is known: the entry is the tenant's all the same.
  const identity = await auth.authenticate(credentialOfHeaders(headers));
  await recordAudit(
    db,
    { ...actorOf(identity, facts), tenant: dictionary.tenant },
    {
      ...{
        action: "dictionary.export",
        outcome: "ACCEPTED",
        targetType: "dictionary",
        targetId: dictionary.id,
      },
      details: { version: dictionary.version, digest: dictionary.digest, format },
    },
  );
  response.end(content);
}

function languageOf(query: URLSearchParams): string | null {
  const tag = query.get("language");
  if (tag === null) return null;
  const canonical = canonicalLanguage(tag);
  if (canonical !== undefined) return canonical;
  throw new InvalidInputError([
    { path: ["language"], message: "accepts a BCP-47 tag of a language, such as `en` or `pt-BR`" },
  ]);
}
