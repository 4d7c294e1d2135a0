import type { IncomingHttpHeaders } from "node:http";
import { UnauthenticatedError } from "../errors.ts";
import type { Authenticator } from "./authenticator.ts";
import { credentialOfHeaders } from "./credential.ts";
import type { Identity } from "./identity.ts";

/** Who asks; or why the key does not hold, which each door tells in its own way. */
export type Caller =
  | { readonly identity: Identity; readonly refused: null }
  | { readonly identity: null; readonly refused: UnauthenticatedError };

/** Looks who sends a request by the key in its headers. */
export async function identifyCaller(
  auth: Authenticator,
  headers: Readonly<IncomingHttpHeaders>,
): Promise<Caller> {
  try {
    return { identity: await auth.authenticate(credentialOfHeaders(headers)), refused: null };
  } catch (error) {
    if (error instanceof UnauthenticatedError) return { identity: null, refused: error };
    throw error;
  }
}
