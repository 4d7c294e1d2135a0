import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { useTestNode } from "../helpers/node.ts";
import { API_KEYS, TENANT_KEYS } from "../helpers/voices.ts";

const run = promisify(execFile);
const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

describe("dictionaries on the command line", () => {
  const node = useTestNode("embedded", { API_KEYS });
  const speaker = async (...args: string[]): Promise<string> => {
    const server = ["--server", node.url, "--api-key", TENANT_KEYS.red];
    return (await run(process.execPath, [cli, "dictionaries", ...args, ...server])).stdout;
  };

  it("are made, added to, listed and written to files", async () => {
    const folder = node.database.env.DATA_DIR;
    const table = `${folder}/names.csv`;
    await writeFile(table, "grapheme,alias\nSQL,sequel\nW3C,World Wide Web Consortium\n");
    const made = await speaker("import", table, "--language", "en");
    expect(made).toMatch(/^[\da-f-]{36}: 2 entries\n$/);
    const id = made.slice(0, 36);
    await writeFile(table, "grapheme,alias,language\nSQL,ess cue ell,en\n");
    expect(await speaker("import", table, "--into", id)).toContain(
      "2 entries, version 2; 0 added, 1 changed, 0 removed, 0 doubles",
    );
    expect(await speaker("list")).toMatch(new RegExp(`${id}\\s+names\\s+2\\s+2\\s+en\n`));
    const lexicon = `${folder}/names.pls`;
    await speaker("export", id, lexicon);
    expect(await readFile(lexicon, "utf8")).toContain("<grapheme>SQL</grapheme><alias>ess cue ell</alias>");
    expect(await speaker("import", lexicon, "--into", id, "--replace")).toContain(
      "version 2; 0 added, 0 changed",
    );
  });

  it("tell what is wrong with a file", async () => {
    const path = `${node.database.env.DATA_DIR}/bad.csv`;
    await writeFile(path, "grapheme,ipa\nx,7\n");
    await expect(speaker("import", path)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("line 2: the ipa holds the symbol"),
    });
    await expect(speaker("export", "nothing", path)).rejects.toMatchObject({ code: 1 });
    expect(await readFile(path, "utf8")).toContain("x,7");
  });
});
