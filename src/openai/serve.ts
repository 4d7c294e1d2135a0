import type { IncomingMessage, ServerResponse } from "node:http";
import { identifyCaller } from "../auth/caller.ts";
import { actorOf, type Identity } from "../auth/identity.ts";
import { requireScope } from "../auth/refusal.ts";
import { SCOPE_NAMES } from "../auth/scopes.ts";
import type { RequestFacts } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import { chargeRequest } from "../http/caller.ts";
import { sendJson } from "../http/respond.ts";
import type { Resources } from "../resources.ts";
import { findModel, listModels } from "./models.ts";
import { SPEECH_FIELD, serveSpeech } from "./speech.ts";
import { describeVoices } from "./voices.ts";

/** Whether an address belongs to the bridge, so that its errors too are told in its way. */
export function isOpenAIPath(pathname: string): boolean {
  return pathname.startsWith("/v1/");
}

/**
 * What clients of the hosted speech API find here: `POST /v1/audio/speech`, `GET /v1/audio/voices`, `GET /v1/models` and
 * `/v1/models/:id`, with our keys, limits and audit. See docs/openai.md.
 *
 * @throws SpeakerError, to be told by `sendOpenAIError`.
 */
export async function serveOpenAI(
  resources: Resources,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  facts: RequestFacts,
): Promise<void> {
  const { method = "GET" } = request;
  const speech = method === "POST" && url.pathname === "/v1/audio/speech";
  const weight = speech ? (resources.rateLimits.weights[SPEECH_FIELD] ?? 0) : 0;
  const holder = await admit(resources, request, response, facts, 1 + weight);
  const actor = actorOf(holder, facts);
  if (speech) return await serveSpeech(resources, { request, response }, { actor, holder });
  const model = /^\/v1\/models\/([\w.-]{1,64})$/.exec(url.pathname);
  if (method !== "GET" && method !== "HEAD") throw unknownUrl(method, url);
  if (url.pathname === "/v1/audio/voices") {
    requireScope(actor, "voices:read");
    const namesOnly = url.searchParams.get("legacy") === "true";
    sendJson(response, 200, await describeVoices(resources.db, actor.tenant, namesOnly));
  } else if (url.pathname === "/v1/models" || model?.[1] !== undefined) {
    // Any key will do.
    requireScope(actor, ...SCOPE_NAMES);
    sendJson(response, 200, model?.[1] === undefined ? listModels() : findModel(model[1]));
  } else throw unknownUrl(method, url);
}

function unknownUrl(method: string, { pathname }: URL): NotFoundError {
  // Told back only as far as it is harmless in a log or on a page.
  const path = /^[\w./-]{1,100}$/.test(pathname) ? ` (${method} ${pathname})` : "";
  return new NotFoundError(
    `There is no such address${path}. There are POST /v1/audio/speech, GET /v1/audio/voices and GET /v1/models.`,
  );
}

/**
 * Counts a request before it is read, whether its key holds or not.
 *
 * @throws RateLimitedError; UnauthenticatedError for a key that does not hold.
 */
async function admit(
  resources: Resources,
  request: IncomingMessage,
  response: ServerResponse,
  facts: RequestFacts,
  cost: number,
): Promise<Identity> {
  const { identity, refused } = await identifyCaller(resources.auth, request.headers);
  await chargeRequest(resources, response, facts, identity, cost);
  if (identity !== null) return identity;
  await resources.observability.refusals.recordStranger(facts, refused);
  throw refused;
}
