import DataLoader from "dataloader";
import type { Actor } from "./audit/audit.ts";
import { signPath } from "./auth/file.ts";
import { actorOf, type Identity } from "./auth/identity.ts";
import type { Standing } from "./jobs/outlook.ts";
import type { JobRow } from "./jobs/table.ts";
import type { Resources } from "./resources.ts";
import type { UtteranceRecord } from "./synthesis/records.ts";
import { loadAudio } from "./synthesis/synthesis.ts";
import type { AudioAssetRow } from "./synthesis/table.ts";
import { loadSpoken } from "./synthesis/words.ts";
import { loadEnrolments, loadSamples } from "./voices/enrolment/rows.ts";
import { loadPreviews, type PreviewKey } from "./voices/previews/preview.ts";
import type { VoicePreviewRow, VoiceRow, VoiceSampleRow } from "./voices/table.ts";
import { countVoicesByLanguage, loadVoices, type VoiceCounts } from "./voices/voice.ts";

/** What a resolver has at hand for one operation. */
export interface Context {
  readonly resources: Resources;
  /** Who asks, with the limits of the key. */
  readonly identity: Identity;
  /** The same with the facts of the request, for rules and audit. */
  readonly actor: Actor;
  readonly requestId: string;
  /** Where clients reach this service, without a trailing slash. */
  readonly baseUrl: string;
  /**
   * The address of a file of this service, such as `/audio/<job id>`. Where keys are needed it is signed and opens
   * the file without one, for a while.
   *
   * @param owner tenant that owns the file, `""` when every tenant may see it
   */
  readonly fileUrl: (path: string, owner: string) => string;
  /** Rows by id, gathered into one query each. Not for subscriptions: they read fresh. */
  readonly loaders: {
    readonly voice: DataLoader<string, VoiceRow | null>;
    readonly audio: DataLoader<string, AudioAssetRow | null>;
    readonly voiceCounts: () => Promise<VoiceCounts>;
    /** These gather but keep nothing: subscriptions see what has changed. The last two are by voice. */
    readonly standing: DataLoader<JobRow, Standing>;
    readonly spoken: DataLoader<string, readonly UtteranceRecord[]>;
    readonly sample: DataLoader<string, VoiceSampleRow | null>;
    readonly enrolment: DataLoader<string, JobRow | null>;
    readonly preview: DataLoader<PreviewKey, VoicePreviewRow | null, string>;
  };
}

export interface RequestFacts {
  readonly requestId: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly baseUrl: string;
}

/** Makes the context of one operation, over HTTP and over WebSockets alike. */
export function createContext(resources: Resources, facts: RequestFacts, identity: Identity): Context {
  const { db } = resources;
  const actor = actorOf(identity, facts);
  let voiceCounts: Promise<VoiceCounts> | null = null;
  return {
    resources,
    requestId: facts.requestId,
    baseUrl: facts.baseUrl,
    fileUrl(path, owner) {
      const { auth, config } = resources;
      if (auth.isOpen) return facts.baseUrl + path;
      return `${facts.baseUrl}${path}?${signPath(auth.secret, path, owner, config.auth.audioUrlTtlSeconds)}`;
    },
    identity,
    actor,
    loaders: {
      voice: new DataLoader((ids) => loadVoices(db, actor.tenant, ids)),
      audio: new DataLoader((ids) => loadAudio(db, ids)),
      voiceCounts: () => {
        voiceCounts ??= countVoicesByLanguage(db, actor.tenant);
        return voiceCounts;
      },
      spoken: new DataLoader((ids) => loadSpoken(db, ids), { cache: false }),
      standing: new DataLoader((rows) => resources.outlook.standings(rows), { cache: false }),
      sample: new DataLoader((ids) => loadSamples(db, ids), { cache: false }),
      enrolment: new DataLoader((ids) => loadEnrolments(db, ids), { cache: false }),
      preview: new DataLoader((keys) => loadPreviews(db, resources.packs, keys), {
        cacheKeyFn: ({ voice, language }) => `${voice.id} ${voice.packSha256} ${language}`,
      }),
    },
  };
}
