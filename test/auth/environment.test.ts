import { describe, expect, it } from "vitest";
import { parseEnvironmentKeys } from "../../src/auth/environment.ts";
import { ConfigError, loadConfig } from "../../src/config.ts";
import { sha256Of } from "../../src/digest.ts";

const A = "aaaaaaaaaaaaaaaa+/=|";
const B = "bbbbbbbbbbbbbbbb,b";

const shapes = (text: string) =>
  parseEnvironmentKeys(text).map(({ name, tenant, scopes }) => [name, tenant, ...scopes]);

describe("API_KEYS", () => {
  it.each([
    [`one:${A}:admin`, [["one", "one", "admin"]]],
    [`one:${A}:*`, [["one", "one", "admin"]]],
    [`one:${A}:voices:read,synthesize`, [["one", "one", "voices:read", "synthesize"]]],
    [
      `one:${A}:voices:read+voices:write|audit:read`,
      [["one", "one", "voices:read", "voices:write", "audit:read"]],
    ],
    [`one:${A}:admin:tenant=shared`, [["one", "shared", "admin"]]],
    [" ; ", []],
  ])("reads %s", (text, expected) => expect(shapes(text)).toEqual(expected));

  it.each([";", "\n", " ", "  ;\n", ",", " , "])("separates entries by %j", (separator) => {
    expect(shapes(`one:${A}:voices:read,synthesize${separator}two:${B}:admin:tenant=one`)).toEqual([
      ["one", "one", "voices:read", "synthesize"],
      ["two", "one", "admin"],
    ]);
    expect(shapes(`two:${B}:admin:tenant=x${separator}one:${A}:voices:read`)).toEqual([
      ["two", "x", "admin"],
      ["one", "one", "voices:read"],
    ]);
  });

  it("keeps a digest, never the secret", () => {
    const keys = parseEnvironmentKeys(`one:${A}:admin`);
    expect(keys[0]?.digest).toBe(sha256Of(A));
    expect(JSON.stringify(loadConfig({ API_KEYS: `one:${A}:admin` }, {}))).not.toContain(A);
  });

  it.each([
    ["no colon", "onesecretadmin"],
    ["no scope", `one:${A}:`],
    ["an unknown scope", `one:${A}:voices:erase`],
    ["a short secret", "one:hunter2:admin"],
    ["a bad name", `o ne:${A}:admin`],
    ["a doubled name", `one:${A}:admin;one:${B}:admin`],
    ["a doubled secret", `one:${A}:admin;two:${A}:admin`],
    ["a bad tenant", `one:${A}:admin:tenant=../x`],
    ["a tail", `one:${A}:admin:x`],
  ])("refuses %s by the variable's name and never quotes it", (_what, text) => {
    let message = "";
    try {
      loadConfig({ API_KEYS: text }, {});
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      message = (error as Error).message;
    }
    expect(message).toContain("API_KEYS accepts name:secret:scopes");
    expect(message).toMatch(/entry \d /);
    for (const secret of [A, B, "hunter2", "onesecretadmin", "erase"]) expect(message).not.toContain(secret);
  });
});
