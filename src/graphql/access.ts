import SchemaBuilder, {
  BasePlugin,
  type PothosOutputFieldConfig,
  type PothosTypeConfig,
  type SchemaTypes,
} from "@pothos/core";
import { type Access, describeAccess, needs } from "../auth/scopes.ts";

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

interface Declaring {
  authScopes?: unknown;
}

/**
 * Makes every declaration of `authScopes` visible: in `extensions.access` and at the end of the description.
 * Fields of Query, Mutation and Subscription, and every other type with fields, must have one of their own or
 * of an interface; test/auth/declarations.test.ts finds those that have none.
 */
class AccessPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onTypeConfig(config: PothosTypeConfig): PothosTypeConfig {
    if (config.kind !== "Object" && config.kind !== "Interface") return config;
    const options = config.pothosOptions as Declaring;
    if (options.authScopes !== undefined)
      return { ...config, ...shown(config, options.authScopes as Access) };
    if (config.interfaces.length > 0) return config;
    return { ...config, pothosOptions: { ...config.pothosOptions, authScopes: UNDECLARED } as never };
  }

  override onOutputFieldConfig(config: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const { authScopes } = config.pothosOptions as Declaring;
    if (authScopes !== undefined) return { ...config, ...shown(config, authScopes as Access) };
    if (!ROOTS.includes(config.parentType)) return config;
    return { ...config, pothosOptions: { ...config.pothosOptions, authScopes: UNDECLARED } as never };
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
