import { type GraphQLInterfaceType, type GraphQLObjectType, isInterfaceType, isObjectType } from "graphql";
import { describe, expect, it } from "vitest";
import { type Access, describeAccess, isScope } from "../../src/auth/scopes.ts";
import { schema } from "../../src/graphql/schema.ts";

const ROOTS = ["Query", "Mutation", "Subscription"];

const types = Object.values(schema.getTypeMap()).filter(
  (type): type is GraphQLObjectType | GraphQLInterfaceType =>
    !type.name.startsWith("__") && (isObjectType(type) || isInterfaceType(type)),
);

const accessOf = ({ extensions }: { extensions: object }) =>
  (extensions as { access?: Access }).access ?? null;

describe("who may see what", () => {
  it("is declared by every field of the three roots", () => {
    const fields = types
      .filter(({ name }) => ROOTS.includes(name))
      .flatMap((type) =>
        Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field] as const),
      );
    expect(fields.length).toBeGreaterThan(8);
    expect(fields.filter(([, field]) => accessOf(field) === null).map(([name]) => name)).toEqual([]);
  });

  it("is declared by every other type with fields, or by an interface of it", () => {
    const silent = types.filter(
      (type) =>
        !ROOTS.includes(type.name) &&
        [type, ...type.getInterfaces()].every((each) => accessOf(each) === null),
    );
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it("names scopes that exist, and is said in the description", () => {
    for (const type of types) {
      for (const element of [type, ...Object.values(type.getFields())]) {
        const access = accessOf(element);
        if (access === null) continue;
        for (const scope of access.anyOf ?? []) expect(isScope(scope), scope).toBe(true);
        expect(access.public === true || (access.anyOf ?? []).length > 0).toBe(true);
        expect(element.description).toContain(describeAccess(access));
      }
    }
  });

  it("opens to anyone only what tells nothing of anybody", () => {
    const open = ROOTS.flatMap((root) => {
      const type = schema.getType(root);
      if (!isObjectType(type)) throw new Error(root);
      return Object.values(type.getFields())
        .filter((field) => accessOf(field)?.public)
        .map((field) => `${root}.${field.name}`);
    });
    expect(open.toSorted()).toEqual(["Query.serverInfo", "Query.viewer"]);
  });
});
