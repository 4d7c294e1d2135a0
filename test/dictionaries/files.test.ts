import { describe, expect, it } from "vitest";
import { type Body, bearer, post } from "../helpers/caller.ts";
import { describeDatabases } from "../helpers/database.ts";
import { useTestNode } from "../helpers/node.ts";
import { multipart, sendBody } from "../helpers/upload.ts";

const KEY = "words-secret-0123456789";
const READER = "reader-secret-0123456789";
const env = {
  API_KEYS: `words:${KEY}:voices:read,voices:write,audit:read:tenant=words;reader:${READER}:voices:read:tenant=words`,
  UPLOAD_MAX_BYTES: "100000",
};

const REFUSAL = `... on Error { code message } ... on InvalidInputError { issues { path message } }
  ... on UploadFailedError { failure } ... on UploadTooLargeError { limitBytes }`;
const STATE = "id name version entryCount languages digest";
const CREATE = `mutation ($input: CreateDictionaryInput!) {
  createDictionary(input: $input) { __typename ... on Dictionary { ${STATE} } ${REFUSAL} } }`;
const IMPORT = `mutation ($input: ImportDictionaryInput!) {
  importDictionary(input: $input) { __typename
    ... on DictionaryImport { added changed removed doubles dictionary { ${STATE} } } ${REFUSAL} } }`;
const ENTRIES = `query ($id: ID!, $first: Int, $after: String, $text: String, $language: String) {
  dictionaryEntries(dictionaryId: $id, first: $first, after: $after, text: $text, language: $language) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { grapheme alias ipa language caseSensitive } } } }`;

const LEXICON = `<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="http://www.w3.org/2005/01/pronunciation-lexicon http://www.w3.org/TR/2007/CR-pronunciation-lexicon-20071212/pls.xsd"
    alphabet="ipa" xml:lang="en-GB">
  <lexeme><grapheme>Worcester</grapheme><grapheme>Wooster</grapheme><phoneme>ˈwʊstə</phoneme></lexeme>
  <lexeme><grapheme>BBC</grapheme><alias>Beeb</alias></lexeme>
</lexicon>
`;

describeDatabases("files of dictionaries", (kind) => {
  const node = useTestNode(kind, env);
  const ask = async (query: string, variables: object = {}): Promise<Body> => {
    const { body } = await post(node.url, query, variables, bearer(KEY));
    if (body.data == null) throw new Error(JSON.stringify(body.errors));
    return body.data;
  };
  const send = async (query: string, input: object, content: string | Uint8Array, fileName = "words") => {
    const variables = { input: { ...input, file: null } };
    const parts = [
      { name: "operations", content: JSON.stringify({ query, variables }) },
      { name: "map", content: JSON.stringify({ 0: ["variables.input.file"] }) },
      { name: "0", content, fileName, type: "application/octet-stream" },
    ];
    const { body } = await sendBody(node.url, multipart(parts), bearer(KEY));
    if (body.data == null) throw new Error(JSON.stringify(body.errors));
    return body.data.createDictionary ?? body.data.importDictionary;
  };
  const create = async (input: object) => (await ask(CREATE, { input })).createDictionary;
  const entriesOf = async (id: string, more: object = {}): Promise<Body> =>
    (await ask(ENTRIES, { id, ...more })).dictionaryEntries;
  const fetched = async (id: string, format: "PLS" | "CSV", language?: string) => {
    const query = `query ($id: ID!, $language: String) { dictionary(id: $id) { exportUrl(format: ${format}, language: $language) } }`;
    const { exportUrl } = (await ask(query, { id, language })).dictionary;
    return await fetch(exportUrl);
  };

  it("come in as a lexicon and go out as they came, in both formats", async () => {
    const made = await send(CREATE, { name: "Places" }, LEXICON, "places.pls");
    expect(made).toMatchObject({ __typename: "Dictionary", version: 1, entryCount: 3, languages: ["en-GB"] });
    for (const format of ["PLS", "CSV"] as const) {
      const response = await fetched(made.id, format);
      expect(response.status).toBe(200);
      expect(response.headers.get("content-disposition")).toContain(`${made.id}.${format.toLowerCase()}`);
      const text = await response.text();
      expect(Number(response.headers.get("content-length"))).toBe(Buffer.byteLength(text));
      const again = await send(CREATE, { name: "Again" }, text);
      expect(again).toMatchObject({ digest: made.digest, entryCount: 3 });
    }
  });

  it("are added to what is there, or take its place", async () => {
    const { id } = await create({
      name: "Mixed",
      entries: [
        { grapheme: "BBC", alias: "the Corporation", language: "en-GB" },
        { grapheme: "gif", ipa: "dʒɪf" },
      ],
    });
    expect(await send(IMPORT, { id }, LEXICON)).toMatchObject({
      ...{ added: 2, changed: 1, removed: 0, doubles: 0 },
      dictionary: { version: 2, entryCount: 4 },
    });
    const csv = "grapheme;alias\nBBC;Auntie\nbbc;again\n";
    const replaced = await send(IMPORT, { id, replace: true, language: "en-gb", expectedVersion: 2 }, csv);
    expect(replaced).toMatchObject({
      added: 0,
      changed: 1,
      removed: 3,
      doubles: 1,
      dictionary: { version: 3 },
    });
    expect((await entriesOf(id)).edges.map(({ node: entry }: Body) => entry)).toEqual([
      { grapheme: "BBC", alias: "Auntie", ipa: null, language: "en-GB", caseSensitive: false },
    ]);
    expect(await send(IMPORT, { id, expectedVersion: 2 }, csv)).toMatchObject({ code: "CONFLICT" });
  });

  it("go out for one language alone, with what holds for all", async () => {
    const entries = ["en", "de", null].map((language) => ({
      grapheme: "chat",
      alias: `x ${language}`,
      language,
    }));
    const { id } = await create({ name: "Languages", entries });
    const text = await (await fetched(id, "CSV", "DE")).text();
    expect(text).toBe(
      "grapheme,alias,ipa,language,case_sensitive\r\nchat,x null,,,false\r\nchat,x de,,de,false\r\n",
    );
    const bad = await fetch(`${node.url}/dictionaries/${id}.csv?language=no+tag`, {
      headers: bearer(READER),
    });
    expect(bad.status).toBe(400);
    expect(await bad.text()).toContain("INVALID_INPUT");
  });

  it("open to keys and signatures alone", async () => {
    const { id } = await create({ name: "Closed" });
    const path = `${node.url}/dictionaries/${id}.pls`;
    expect((await fetch(path)).status).toBe(401);
    expect((await fetch(path, { headers: bearer(READER) })).status).toBe(200);
    expect((await fetch(path, { method: "HEAD", headers: bearer(READER) })).status).toBe(200);
    expect((await fetch(`${path}?expires=9999999999&signature=AAAA`)).status).toBe(403);
    expect((await fetch(`${node.url}/dictionaries/nothing.csv`, { headers: bearer(READER) })).status).toBe(
      404,
    );
    const deleted = `mutation { deleteDictionary(id: "${id}") { __typename } }`;
    expect((await ask(deleted)).deleteDictionary.__typename).toBe("DeletedDictionary");
    expect((await fetch(path, { headers: bearer(READER) })).status).toBe(404);
    expect((await ask(`{ dictionary(id: "${id}") { id } }`)).dictionary).toBeNull();
    expect(await entriesOf(id)).toBeNull();
    const written = await post(node.url, CREATE, { input: { name: "No" } }, bearer(READER));
    expect(written.body.errors[0].extensions.code).toBe("FORBIDDEN");
  });

  it("lead through the entries page by page", async () => {
    const entries = Array.from({ length: 25 }, (_, index) => ({
      grapheme: `w${index}`,
      alias: `said ${index}`,
    }));
    const { id } = await create({ name: "Pages", entries });
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Body = await entriesOf(id, { first: 10, after });
      expect(page.totalCount).toBe(25);
      seen.push(...page.edges.map(({ node: { grapheme } }: Body) => grapheme));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(entries.map(({ grapheme }) => grapheme).sort());
    expect((await entriesOf(id, { text: "SAID 7" })).totalCount).toBe(1);
    const { body } = await post(node.url, ENTRIES, { id, after: "nonsense" }, bearer(KEY));
    expect(body.errors[0].extensions.code).toBe("INVALID_INPUT");
  });

  describe("that are refused", () => {
    it.each([
      ["empty", "", { code: "UPLOAD_FAILED", failure: "EMPTY" }],
      ["too large", "x".repeat(100_001), { code: "UPLOAD_TOO_LARGE", limitBytes: 100_000 }],
      ["a bomb", '<!DOCTYPE lexicon [<!ENTITY a "a">]><lexicon/>', { code: "INVALID_INPUT" }],
      ["a recording", Buffer.from([0x52, 0x49, 0x46, 0x46, 0xff, 0xfe]), { code: "INVALID_INPUT" }],
      ["a table of nothing", "grapheme,alias\n", { code: "INVALID_INPUT" }],
      ["no model's sound", "grapheme,ipa\na,b⅋\n", { issues: [{ path: ["input", "file"] }] }],
    ])("%s", async (_name, content, refusal) => {
      const before = (await ask("{ dictionaries { totalCount } }")).dictionaries.totalCount;
      expect(await send(CREATE, { name: "Bad" }, content)).toMatchObject(refusal);
      expect((await ask("{ dictionaries { totalCount } }")).dictionaries.totalCount).toBe(before);
    });

    it("tell every fault with its line, the first fifty", async () => {
      const { id } = await create({ name: "Faults" });
      const table = `grapheme,alias\n${"a,\n".repeat(60)}`;
      const { issues } = await send(IMPORT, { id }, table);
      expect(issues).toHaveLength(50);
      expect(issues[49].message).toMatch(/^line 51: /);
    });

    it("and inputs out of bounds, field by field", async () => {
      const tooMany = Array.from({ length: 1_001 }, (_, index) => ({ grapheme: `w${index}`, alias: "x" }));
      const { issues } = await create({
        name: " ",
        description: "x".repeat(2_001),
        language: "xx",
        entries: tooMany,
      });
      expect(issues.map(({ path }: Body) => path.join("."))).toEqual([
        "input.name",
        "input.description",
        "input.entries",
        "input.language",
      ]);
      const { issues: symbols } = await create({ name: "IPA", entries: [{ grapheme: "x", ipa: "aʘ7" }] });
      expect(symbols[0]).toMatchObject({ path: ["input", "entries", "0", "ipa"] });
      expect(symbols[0].message).toContain('"7" (U+0037)');
    });

    it("and every refusal and download is in the audit log", async () => {
      const query = `{ auditLog(first: 100) { edges { node { action outcome } } } }`;
      const { edges } = (await ask(query)).auditLog;
      const actions = edges.map(({ node: { action, outcome } }: Body) => `${action} ${outcome}`);
      for (const action of ["create", "import"]) {
        expect(actions).toContain(`dictionary.${action} ACCEPTED`);
        expect(actions).toContain(`dictionary.${action} REFUSED`);
      }
      expect(actions).toContain("dictionary.export ACCEPTED");
      expect(actions).toContain("dictionary.delete ACCEPTED");
    });
  });
});
