import { GraphQLError } from "graphql";
import type { Plugin } from "graphql-yoga";
import { SpeakerError } from "../../errors.ts";

/** In a document U+0000 itself, or its escapes; half surrogates GraphQL refuses there by itself. */
const IN_DOCUMENT = /\0|\\u(?:0000|\{0+\})/;

/**
 * Refuses texts that hold U+0000 or one half of a surrogate pair, wherever in an input: PostgreSQL stores
 * neither. Every other character is the business of whoever reads the input.
 */
export const storableTexts: Plugin = {
  onExecute: ({ args, setResultAndStopExecution }) => refuse(args, setResultAndStopExecution),
  onSubscribe: ({ args, setResultAndStopExecution }) => refuse(args, setResultAndStopExecution),
};

interface Operation {
  readonly document: { readonly loc?: { readonly source: { readonly body: string } } | undefined };
  readonly variableValues?: unknown;
}

function refuse(
  { document, variableValues }: Operation,
  end: (result: { errors: readonly GraphQLError[] }) => void,
): void {
  if (!IN_DOCUMENT.test(document.loc?.source.body ?? "") && !holdsUnstorable(variableValues)) return;
  const originalError = new SpeakerError(
    "BAD_REQUEST",
    "Texts must not hold the character U+0000, nor one half of a surrogate pair.",
  );
  end({ errors: [new GraphQLError(originalError.message, { originalError })] });
}

const isStorable = (text: string): boolean => !text.includes("\0") && text.isWellFormed();

/** Without recursion: variables may be nested as deeply as a body is long. */
function holdsUnstorable(value: unknown): boolean {
  const rest = [value];
  while (rest.length > 0) {
    const one = rest.pop();
    if (typeof one === "string" && !isStorable(one)) return true;
    if (typeof one !== "object" || one === null || ArrayBuffer.isView(one)) continue;
    const prototype = Object.getPrototypeOf(one);
    // Uploads are objects of ours, not of the request.
    if (Array.isArray(one) || prototype === null || prototype === Object.prototype) {
      for (const [key, child] of Object.entries(one)) {
        if (!isStorable(key)) return true;
        rest.push(child);
      }
    }
  }
  return false;
}
