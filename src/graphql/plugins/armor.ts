import { EnvelopArmor } from "@escape.tech/graphql-armor";
import { GraphQLError, NoSchemaIntrospectionCustomRule, type ValidationContext } from "graphql";
import type { Plugin } from "graphql-yoga";
import type { Config } from "../../config.ts";
import { OperationNotAllowedError, QueryTooComplexError } from "../../errors.ts";

/**
 * Refuses documents that ask for too much: graphql-armor measures them. Its own rejections have no code and are
 * thrown out of the validation, so ours are reported like every other fault of a document.
 */
export function armor(limits: Config["graphql"]): readonly Plugin[] {
  const tooComplex = (message: string) =>
    new GraphQLError(message, { originalError: new QueryTooComplexError(message) });
  const report = (what: string, limit: number, variable: string) => ({
    propagateOnRejection: false,
    onReject: [
      (context: ValidationContext | null) => {
        const error = tooComplex(
          `The document has more ${what} than the ${limit} that are allowed. Ask for less at once; the operator sets the limit with ${variable}.`,
        );
        // Tokens are counted while parsing, where there is nobody to report to yet.
        if (context === null) throw error;
        context.reportError(error);
      },
    ],
  });
  const { maxDepth, maxCost, maxAliases, maxDirectives, maxTokens } = limits;
  const { plugins } = new EnvelopArmor({
    blockFieldSuggestion: { enabled: !limits.introspection, mask: "" },
    maxDepth: { n: maxDepth, flattenFragments: true, ...report("levels", maxDepth, "MAX_QUERY_DEPTH") },
    costLimit: { maxCost, flattenFragments: true, ...report("cost", maxCost, "MAX_QUERY_COST") },
    maxAliases: { n: maxAliases, ...report("aliases", maxAliases, "MAX_QUERY_ALIASES") },
    maxDirectives: { n: maxDirectives, ...report("directives", maxDirectives, "MAX_QUERY_DIRECTIVES") },
    maxTokens: { n: maxTokens, ...report("tokens", maxTokens, "MAX_QUERY_TOKENS") },
  }).protect();
  return [...(plugins as unknown as Plugin[]), ...(limits.introspection ? [] : [withoutIntrospection])];
}

const withoutIntrospection: Plugin = {
  onValidate: ({ addValidationRule }) =>
    addValidationRule(function NoIntrospection(context: ValidationContext) {
      let told = false;
      const reportError = ({ nodes }: GraphQLError) => {
        // Once is enough: a document has dozens of such fields.
        if (told) return;
        told = true;
        const message =
          "Introspection is switched off here. The schema is published with the service's source.";
        const originalError = new OperationNotAllowedError(message);
        const extensions = { http: { status: originalError.status, spec: false } };
        context.reportError(
          new GraphQLError(message, { ...(nodes !== undefined && { nodes }), originalError, extensions }),
        );
      };
      return NoSchemaIntrospectionCustomRule(Object.assign(Object.create(context), { reportError }));
    }),
};
