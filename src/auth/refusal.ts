import { ForbiddenError, type SpeakerError, UnauthenticatedError } from "../errors.ts";
import type { Scope } from "./scopes.ts";

/** Why an actor may not do what needs one of `scopes`, and how to go on. */
export function refusal(
  actor: { readonly name: string; readonly scopes: ReadonlySet<Scope> },
  scopes: readonly Scope[],
): SpeakerError {
  if (actor.scopes.size === 0) {
    return new UnauthenticatedError(
      "This needs an API key. Send one as `Authorization: Bearer <key>` or `X-API-Key: <key>`, over WebSockets in the payload of connection_init.",
    );
  }
  const wanted = scopes.map((scope) => `\`${scope}\``).join(" or ");
  return new ForbiddenError(
    `This needs the scope ${wanted}, which the key “${actor.name}” does not have. Ask the operator for a key that has it.`,
    scopes,
  );
}

/** @throws UnauthenticatedError or ForbiddenError unless the actor has one of the scopes. For routes beside GraphQL. */
export function requireScope(
  actor: { readonly name: string; readonly scopes: ReadonlySet<Scope> },
  ...scopes: readonly Scope[]
): void {
  if (!scopes.some((scope) => actor.scopes.has(scope))) throw refusal(actor, scopes);
}
