import { recordAudit } from "../audit/audit.ts";
import { openFile } from "../auth/file.ts";
import { actorOf } from "../auth/identity.ts";
import { findDictionary } from "../dictionaries/dictionary.ts";
import type { DictionaryFormat } from "../dictionaries/document.ts";
import { canonicalLanguage } from "../dictionaries/entry.ts";
import { DICTIONARY_FILES, exportPath, writeDictionary } from "../dictionaries/export.ts";
import { InvalidInputError, NotFoundError } from "../errors.ts";
import type { Resources } from "../resources.ts";
import { downloadHeaders } from "./download.ts";
import type { FileExchange } from "./files.ts";

/**
 * `GET /dictionaries/:id.pls` and `.csv`: the present entries of a dictionary as a file, with `language` those for that
 * language. It opens to a key of its tenant, or to the signature of `Dictionary.exportUrl`. Every download is in the audit
 * log.
 *
 * @throws UnauthenticatedError (401), ForbiddenError (403), LINK_EXPIRED (410), NotFoundError (404), InvalidInputError (400).
 */
export async function serveDictionary(
  resources: Resources,
  { request, response, query, facts, caller }: FileExchange,
  { id, format }: { readonly id: string; readonly format: DictionaryFormat },
): Promise<void> {
  const { db, auth } = resources;
  const dictionary = await findDictionary(db, id);
  const owner = dictionary?.tenant ?? null;
  const scopes = ["voices:read", "synthesize"] as const;
  const access = openFile(auth.secret, { path: exportPath(id, format), owner, scopes, query, caller });
  if (access === null || dictionary === null) throw new NotFoundError("There is no such dictionary.");
  const content = await writeDictionary(resources, dictionary, format, languageOf(query));
  const { extension, type } = DICTIONARY_FILES[format];
  const headers = downloadHeaders({ type, bytes: content.length, filename: `${id}.${extension}` });
  if (request.method === "HEAD") {
    response.writeHead(200, headers).end();
    return;
  }
  await recordAudit(
    db,
    // Whoever it is acts for the tenant.
    { ...actorOf(access.identity, facts), tenant: dictionary.tenant },
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
  response.writeHead(200, headers).end(content);
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
