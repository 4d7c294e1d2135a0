import SchemaBuilder, {
  BasePlugin,
  type PothosOutputFieldConfig,
  type PothosTypeConfig,
  type SchemaTypes,
} from "@pothos/core";
import type { GraphQLFieldResolver } from "graphql";
import { refusal } from "../auth/refusal.ts";
import { type Access, describeAccess, needs, type Scope } from "../auth/scopes.ts";
import type { Context } from "../context.ts";

const NAME = "access";

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      access: AccessPlugin<Types>;
    }
  }
}

/** What nobody has declared is the operator's alone: forgetting it opens nothing. */
const UNDECLARED = needs("admin");

const ROOTS: readonly string[] = ["Query", "Mutation", "Subscription"];

type Resolver<Types extends SchemaTypes> = GraphQLFieldResolver<unknown, Types["Context"], object>;

interface Declaring {
  authScopes?: unknown;
}

/**
 * Makes every declaration of `authScopes` visible: in `extensions.access` and at the end of the description.
 * Fields of Query, Mutation and Subscription, and every other type with fields, must have one of their own or
 * of an interface; test/auth/declarations.test.ts finds those that have none.
 *
 * What fields declare is enforced by the scope-auth plugin; what types declare is enforced here, because that plugin
 * takes microseconds for each field of each object of a list.
 */
class AccessPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  readonly #types = new Map<string, Access>();

  override onTypeConfig(config: PothosTypeConfig): PothosTypeConfig {
    if (config.kind !== "Object" && config.kind !== "Interface") return config;
    const { authScopes, ...pothosOptions } = config.pothosOptions as Declaring;
    if (authScopes === undefined) {
      if (config.interfaces.length === 0) this.#types.set(config.name, UNDECLARED);
      return config;
    }
    this.#types.set(config.name, authScopes as Access);
    const options = { pothosOptions: pothosOptions as never };
    return { ...config, ...options, ...shown(config, authScopes as Access) };
  }

  override onOutputFieldConfig(config: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const { authScopes } = config.pothosOptions as Declaring;
    if (authScopes !== undefined) return { ...config, ...shown(config, authScopes as Access) };
    if (!ROOTS.includes(config.parentType)) return config;
    return { ...config, pothosOptions: { ...config.pothosOptions, authScopes: UNDECLARED } as never };
  }

  override wrapResolve(
    resolver: Resolver<Types>,
    { parentType }: PothosOutputFieldConfig<Types>,
  ): Resolver<Types> {
    const demands = this.#demandsOf(parentType);
    if (demands.length === 0) return resolver;
    return (parent, args, context, info) => {
      const { actor } = context as Context;
      for (const scopes of demands) {
        if (!scopes.some((scope) => actor.scopes.has(scope))) throw refusal(actor, scopes);
      }
      return resolver(parent, args, context, info);
    };
  }

  /** What a key must have for any field of this type: one scope of each list. */
  #demandsOf(name: string): readonly (readonly Scope[])[] {
    const config = this.buildCache.getTypeConfig(name);
    const interfaces =
      config.kind === "Object"
        ? config.interfaces.map((each) => this.buildCache.getTypeConfig(each).name)
        : [];
    return [name, ...interfaces]
      .map((each) => this.#types.get(each))
      .flatMap((access) => (access === undefined || access.public ? [] : [access.anyOf ?? []]));
  }
}

function shown(
  {
    description,
    extensions,
  }: { readonly description?: string | null | undefined; readonly extensions?: object | null | undefined },
  access: Access,
) {
  return {
    description: [description, describeAccess(access)].filter(Boolean).join(" "),
    extensions: { ...extensions, access },
  };
}

SchemaBuilder.registerPlugin(NAME, AccessPlugin);

export default NAME;
