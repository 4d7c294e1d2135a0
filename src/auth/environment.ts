import { sha256Of } from "../digest.ts";
import { isScope, SCOPE_NAMES, type Scope } from "./scopes.ts";

/** A key of the environment variable `API_KEYS`. Of the secret only its digest is kept. */
export interface EnvironmentKey {
  readonly name: string;
  readonly tenant: string;
  readonly scopes: readonly Scope[];
  /** SHA-256 of the secret, in hexadecimal. */
  readonly digest: string;
}

/** Names of keys and tenants. */
export const NAME_PATTERN = /^[\w.-]{1,64}$/;

/** Guesses are limited in rate, so this keeps out slips of the hand; the documentation advises 32 random characters. */
const MIN_SECRET_CHARACTERS = 8;

export const ENVIRONMENT_KEY_FORM =
  `accepts name:secret:scopes, several separated by ";" or white space; scopes (${SCOPE_NAMES.join(", ")}) separated by ",", ` +
  `"+" or "|", "*" for admin; ":tenant=NAME" may follow. Names are 1 to 64 of A-Z a-z 0-9 _ . -, each once; secrets have at least ${MIN_SECRET_CHARACTERS} characters and no colon`;

/** A wrong entry: says which and why, never what it holds. */
class EntryError extends Error {}

const SCOPE = [...SCOPE_NAMES, "*"].map((name) => name.replace("*", "\\*")).join("|");
const HEAD = /^([^:]*):([^:]*):/;
const ONE_SCOPE = new RegExp(`^(${SCOPE})(?=[,+|:]|$)`);
const TENANT = /^:tenant=([^,:]+)(?=,|$)/;

/**
 * Reads `API_KEYS`. A comma may stand between entries too: scopes are a closed set, so what follows it is either
 * one more scope or the next entry.
 *
 * @throws Error whose message names the entry by its number and never quotes it: it may be a secret.
 */
export function parseEnvironmentKeys(text: string): readonly EnvironmentKey[] {
  const keys: EnvironmentKey[] = [];
  const pending = text.split(/[;\s]+/).filter((entry) => entry !== "" && entry !== ",");
  for (let entry = pending.shift(); entry !== undefined; entry = pending.shift()) {
    const { key, rest } = parseEntry(entry, keys.length + 1);
    if (keys.some(({ name }) => name === key.name)) fail(keys.length + 1, "has a name that another has");
    if (keys.some(({ digest }) => digest === key.digest))
      fail(keys.length + 1, "has a secret that another has");
    keys.push(key);
    if (rest !== "") pending.unshift(rest);
  }
  return keys;
}

function parseEntry(entry: string, number: number): { key: EnvironmentKey; rest: string } {
  const [head, name = "", secret = ""] = HEAD.exec(entry) ?? fail(number, "is not name:secret:scopes");
  if (!NAME_PATTERN.test(name)) fail(number, "has a name that is not accepted");
  if (secret.length < MIN_SECRET_CHARACTERS)
    fail(number, `has a secret of fewer than ${MIN_SECRET_CHARACTERS} characters`);
  const scopes: Scope[] = [];
  let rest = entry.slice(head.length);
  for (;;) {
    const found = ONE_SCOPE.exec(rest)?.[1] ?? fail(number, "has a scope that does not exist");
    scopes.push(
      found === "*" ? "admin" : isScope(found) ? found : fail(number, "has a scope that does not exist"),
    );
    rest = rest.slice(found.length);
    if (!/^[,+|]/.test(rest) || (rest.startsWith(",") && !ONE_SCOPE.test(rest.slice(1)))) break;
    rest = rest.slice(1);
  }
  const tenant = TENANT.exec(rest);
  if (tenant !== null) rest = rest.slice(tenant[0].length);
  if (tenant !== null && !NAME_PATTERN.test(tenant[1] ?? ""))
    fail(number, "has a tenant that is not accepted");
  if (rest !== "" && !rest.startsWith(","))
    fail(number, "has something behind its scopes that is not accepted");
  const digest = sha256Of(secret);
  return { key: { name, tenant: tenant?.[1] ?? name, scopes, digest }, rest: rest.slice(1) };
}

function fail(number: number, what: string): never {
  throw new EntryError(`entry ${number} ${what}`);
}
