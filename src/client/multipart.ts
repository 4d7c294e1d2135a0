interface Found {
  readonly path: string;
  readonly file: Blob;
}

function takeFiles(value: unknown, path: string, found: Found[]): unknown {
  if (value instanceof Blob) {
    found.push({ path, file: value });
    return null;
  }
  if (Array.isArray(value)) return value.map((item, index) => takeFiles(item, `${path}.${index}`, found));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, takeFiles(item, `${path}.${key}`, found)]),
  );
}

/**
 * The request as a form, by the GraphQL multipart request specification, where its variables hold a file; null where
 * they hold none.
 */
export function multipartBody(query: string, variables: unknown): FormData | null {
  const found: Found[] = [];
  const cleared = takeFiles(variables, "variables", found);
  if (found.length === 0) return null;
  const form = new FormData();
  form.set("operations", JSON.stringify({ query, variables: cleared }));
  form.set("map", JSON.stringify(Object.fromEntries(found.map(({ path }, index) => [index, [path]]))));
  for (const [index, { file }] of found.entries()) form.set(String(index), file);
  return form;
}
