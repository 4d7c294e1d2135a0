import { readFileSync } from "node:fs";
import {
  GraphQLError,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSchema,
  printSchema,
} from "graphql";
import { describe, expect, it } from "vitest";
import { schema } from "../../src/graphql/schema.ts";

describe("schema", () => {
  it("is what schema.graphql says (npm run codegen writes it)", () => {
    const committed = readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8");
    expect(`${printSchema(schema)}\n`).toBe(committed);
  });

  it("lives in one realm of graphql, so that thrown errors keep their messages", () => {
    expect(isSchema(schema)).toBe(true);
    expect(new GraphQLError("x")).toBeInstanceOf(GraphQLError);
  });

  it("describes every element, and never by its name alone", () => {
    const bare: string[] = [];
    const look = (name: string, description: string | null | undefined) => {
      const words = (description ?? "").replace(/[^a-z]/gi, "").toLowerCase();
      const own = name
        .split(".")
        .at(-1)
        ?.replace(/[^a-z]/gi, "")
        .toLowerCase();
      if (words === "" || words === own) bare.push(name);
    };
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith("__")) continue;
      look(type.name, type.description);
      if (isEnumType(type))
        for (const value of type.getValues()) look(`${type.name}.${value.name}`, value.description);
      if (isObjectType(type) || isInterfaceType(type)) {
        for (const field of Object.values(type.getFields())) {
          look(`${type.name}.${field.name}`, field.description);
          for (const arg of field.args) look(`${type.name}.${field.name}.${arg.name}`, arg.description);
        }
      }
      if (isInputObjectType(type)) {
        for (const field of Object.values(type.getFields()))
          look(`${type.name}.${field.name}`, field.description);
      }
    }
    expect(bare).toEqual([]);
  });
});
