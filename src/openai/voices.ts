import type { Db } from "../db/client.ts";
import { voiceIdOf } from "../synthesis/input.ts";
import { listVoices } from "../voices/list.ts";
import { parseVoiceReference } from "../voices/mixing/reference.ts";
import type { VoiceRow } from "../voices/table.ts";
import { findVisibleVoice } from "../voices/voice.ts";
import { invalid } from "./models.ts";

/** The stock voices that speak for those of the hosted API: as near as they come in pitch and manner. */
export const HOSTED_VOICES: Readonly<Record<string, string>> = {
  alloy: "af_alloy",
  ash: "am_michael",
  ballad: "bm_george",
  cedar: "am_puck",
  coral: "af_bella",
  echo: "am_echo",
  fable: "bm_fable",
  marin: "af_heart",
  nova: "af_nova",
  onyx: "am_onyx",
  sage: "af_sarah",
  shimmer: "af_sky",
  verse: "am_fenrir",
};

const MAX_LISTED = 1000;

/** How long a voice's name may be: an inline mix has up to 16 parts. */
const MAX_REFERENCE_CHARACTERS = 1500;

/**
 * The voice that a request means: an id of ours, an inline mix, or one of the hosted API's names.
 *
 * @throws InvalidInputError where there is no such voice; what is wrong in a mix is told when it is asked for.
 */
export async function resolveVoice(db: Db, tenant: string, asked: string): Promise<string> {
  const unknown = () =>
    invalid(
      "voice",
      `names no voice. It accepts the ids that GET /v1/audio/voices lists, a mix of them such as af_heart(2)+af_sky(1), and ${Object.keys(HOSTED_VOICES).join(", ")}`,
    );
  const name = asked.toLowerCase();
  const reference = (Object.hasOwn(HOSTED_VOICES, name) ? HOSTED_VOICES[name] : null) ?? asked;
  if (reference.length > MAX_REFERENCE_CHARACTERS || reference.includes("\0") || !reference.isWellFormed()) {
    throw unknown();
  }
  if (parseVoiceReference(reference) !== null) return reference;
  if ((await findVisibleVoice(db, tenant, voiceIdOf(reference))) === null) throw unknown();
  return reference;
}

/**
 * The answer of `GET /v1/audio/voices`: the voices that can speak, by name. The hosted API has no such list; `voices` is as
 * other self-hosted services and Open WebUI have it, `data` says what more is known.
 *
 * @param namesOnly `voices` as an array of ids, as older clients read it
 */
export async function describeVoices(db: Db, tenant: string, namesOnly: boolean): Promise<object> {
  const page = { limit: MAX_LISTED, inverted: false };
  const order = { field: "NAME", direction: "ASC" } as const;
  const rows = await listVoices(db, tenant, { status: ["READY"] }, order, page);
  return {
    object: "list",
    voices: rows.map(({ id, name, language }) => (namesOnly ? id : { id, name: `${name} (${language})` })),
    data: rows.map(describe),
  };
}

function describe({ id, name, kind, language, gender, description, tags, createdAt }: VoiceRow): object {
  return {
    id,
    object: "voice",
    name,
    kind: kind.toLowerCase(),
    language,
    gender: gender.toLowerCase(),
    description,
    tags,
    created: Math.floor(createdAt.getTime() / 1000),
  };
}
