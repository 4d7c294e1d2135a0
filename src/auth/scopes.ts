/** What a key may be allowed to do, each with what it opens. */
export const SCOPES = {
  "voices:read": "see voices, languages and pronunciation dictionaries",
  "voices:write": "upload, change, mix and delete voices; change pronunciation dictionaries",
  synthesize: "have texts spoken, follow the jobs and fetch their audio",
  "audit:read": "read the audit log",
  admin: "everything, including keys and the operator's view",
} as const satisfies Record<string, string>;

export type Scope = keyof typeof SCOPES;

export const SCOPE_NAMES = Object.keys(SCOPES) as readonly Scope[];

export function isScope(name: string): name is Scope {
  return Object.hasOwn(SCOPES, name);
}

/** Every scope that the given ones allow: `admin` is all of them. */
export function expandScopes(scopes: readonly Scope[]): ReadonlySet<Scope> {
  return new Set(scopes.includes("admin") ? SCOPE_NAMES : scopes);
}

/** Who may see a field or type of the schema: anyone at all, or keys with one of these scopes. */
export interface Access {
  readonly public?: true;
  readonly anyOf?: readonly Scope[];
}

/** For `authScopes`: anyone, with a key or without one. */
export const anyone: Access = { public: true };

const declared = new Map<string, Access>();

/** For `authScopes`: keys that have at least one of these scopes (`admin` has all of them). */
export function needs(...scopes: readonly [Scope, ...Scope[]]): Access {
  const key = scopes.join(" ");
  // One object for each: the scope-auth plugin remembers its decision by the object.
  const access = declared.get(key) ?? { anyOf: scopes };
  declared.set(key, access);
  return access;
}

/** For `authScopes`: every key, whatever its scopes. */
export const anyKey: Access = needs(...(SCOPE_NAMES as readonly [Scope, ...Scope[]]));

/** Jobs are made by synthesis and by the enrolment of voices; each is visible to its own tenant only. */
export const JOB_ACCESS: Access = needs("synthesize", "voices:write");

/** A declaration in words, as the schema's descriptions end with. */
export function describeAccess(access: Access): string {
  if (access.public) return "Open to anyone.";
  if (access === anyKey) return "Needs a key.";
  const names = (access.anyOf ?? []).map((scope) => `\`${scope}\``);
  return `Needs ${names.join(" or ")}.`;
}
