import { describe, expect, it } from "vitest";
import { ATTEMPTS } from "../../src/audit/refusals.ts";
import { schema } from "../../src/graphql/schema.ts";

describe("attempts at mutations", () => {
  it("are audited under an action of their own, every one of the schema", () => {
    const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {});
    expect(mutations.length).toBeGreaterThan(10);
    expect(mutations.filter((name) => !(name in ATTEMPTS))).toEqual([]);
    expect(Object.keys(ATTEMPTS).filter((name) => !mutations.includes(name))).toEqual([]);
  });
});
