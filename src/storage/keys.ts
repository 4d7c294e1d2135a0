const SEGMENT = "[A-Za-z0-9_][A-Za-z0-9._-]{0,127}";
const KEY = new RegExp(`^(?:${SEGMENT}/){1,7}${SEGMENT}$`);
const PREFIX = new RegExp(`^(?:${SEGMENT}/){1,7}$`);

/** The store's own folder beside the objects. */
export const TEMPORARY = "tmp";

/**
 * The one gate for keys: two to eight names of letters, digits, `.`, `_` and `-`, joined by "/". No name starts with a
 * dot, so nothing leads out of the store, and none needs escaping in a path or a URL.
 *
 * @throws Error when the program made another one.
 */
export function checkKey(key: string): void {
  if (!KEY.test(key) || key.startsWith(`${TEMPORARY}/`)) throw new Error("not a storage key");
}

/** The same for a prefix: names that each end in "/". */
export function checkPrefix(prefix: string): void {
  if (!PREFIX.test(prefix) || prefix.startsWith(`${TEMPORARY}/`)) throw new Error("not a storage prefix");
}
