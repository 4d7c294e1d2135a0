import { type InputIssue, InvalidInputError, NotFoundError } from "../errors.ts";

/** The one engine of this service under its own name, and the names that programs made for the hosted API send. */
const MODEL_IDS = ["speaker", "tts-1", "tts-1-hd", "gpt-4o-mini-tts"] as const;

/** Hosted models have dated versions too, such as `gpt-4o-mini-tts-2025-12-15`. */
const DATED = /-\d{4}-\d\d-\d\d$/;

/** When the weights were published, in seconds since 1970: 2025-01-27. */
const CREATED = 1_737_936_000;

/** A model as the hosted API shows it. */
interface Model {
  readonly id: string;
  readonly object: "model";
  readonly created: number;
  readonly owned_by: string;
}

/** No such model: told as `model_not_found`, with 404. */
export class ModelNotFoundError extends NotFoundError {
  constructor() {
    super(
      `There is no such model. These names are accepted, all for the same engine: ${MODEL_IDS.join(", ")}.`,
    );
  }
}

const modelOf = (id: string): Model => ({ id, object: "model", created: CREATED, owned_by: "speaker" });

/** The answer of `GET /v1/models`. */
export function listModels(): { readonly object: "list"; readonly data: readonly Model[] } {
  return { object: "list", data: MODEL_IDS.map(modelOf) };
}

/** @throws ModelNotFoundError */
export function findModel(id: string): Model {
  const name = id.replace(DATED, "");
  if (!MODEL_IDS.some((known) => known === name)) throw new ModelNotFoundError();
  return modelOf(id);
}

/** One fault of a body's field, by the name that the caller sent it under. */
export function invalid(param: string, message: string): InvalidInputError {
  const issue: InputIssue = { path: [param], message };
  return new InvalidInputError([issue]);
}
