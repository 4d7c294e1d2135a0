/** Where the one file of a request belongs: `["variables", "input", "file"]`. */
export type FilePlace = readonly string[];

export type MapCheck = { readonly place: FilePlace } | { readonly fault: string };

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/**
 * Checks the fields `operations` and `map` of the GraphQL multipart request specification before anything acts on
 * them: a path may only lead through the request's own properties to a null in its variables. Followed blindly, a
 * path such as `variables.hasOwnProperty.call` would write into what the whole process shares.
 */
export function checkMap(operationsText: string, mapText: string): MapCheck {
  const operations = parse(operationsText);
  const map = parse(mapText);
  if (Array.isArray(operations)) return { fault: "Batches of operations cannot carry files. Send one." };
  if (!isObject(operations)) return { fault: "The field `operations` is not a JSON object." };
  if (!isObject(map) || Array.isArray(map)) return { fault: "The field `map` is not a JSON object." };
  const entries = Object.values(map);
  if (entries.length !== 1) return { fault: `The field \`map\` names ${entries.length} files; send one.` };
  const [paths] = entries;
  if (!Array.isArray(paths) || paths.length !== 1 || typeof paths[0] !== "string") {
    return { fault: "The field `map` must give the file one path, in a list." };
  }
  const place = paths[0].split(".");
  let value: unknown = operations;
  for (const step of place) {
    if (!isObject(value) || !Object.hasOwn(value, step)) {
      return { fault: "The path in `map` leads nowhere in `operations`." };
    }
    value = value[step];
  }
  if (place[0] !== "variables" || place.length < 2 || value !== null) {
    return { fault: "The path in `map` must lead to a variable that is null." };
  }
  return { place };
}
