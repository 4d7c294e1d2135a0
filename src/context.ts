import DataLoader from "dataloader";
import type { Logger } from "pino";
import type { Actor } from "./audit/audit.ts";
import { expandScopes } from "./auth/scopes.ts";
import type { Resources } from "./resources.ts";
import { loadAudio } from "./synthesis/synthesis.ts";
import type { AudioAssetRow } from "./synthesis/table.ts";
import type { VoiceRow } from "./voices/table.ts";
import { countVoicesByLanguage, loadVoices } from "./voices/voice.ts";

/** What a resolver has at hand for one operation. */
export interface Context {
  readonly resources: Resources;
  readonly actor: Actor;
  readonly requestId: string;
  readonly log: Logger;
  /** Where clients reach this service, without a trailing slash. */
  readonly baseUrl: string;
  /** Rows by id, gathered into one query each. Not for subscriptions: they read fresh. */
  readonly loaders: {
    readonly voice: DataLoader<string, VoiceRow | null>;
    readonly audio: DataLoader<string, AudioAssetRow | null>;
    readonly voiceCount: DataLoader<string, number>;
  };
}

export interface RequestFacts {
  readonly requestId: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly baseUrl: string;
}

/** Makes the context of one operation, over HTTP and over WebSockets alike. */
export function createContext(resources: Resources, facts: RequestFacts): Context {
  const { db } = resources;
  const actor: Actor = {
    ...{ name: "anonymous", tenant: "default", keyId: null, scopes: expandScopes(["admin"]) },
    ...{ ip: facts.ip, userAgent: facts.userAgent, requestId: facts.requestId },
  };
  return {
    resources,
    requestId: facts.requestId,
    baseUrl: facts.baseUrl,
    log: resources.log.child({ requestId: facts.requestId }),
    actor,
    loaders: {
      voice: new DataLoader((ids) => loadVoices(db, actor.tenant, ids)),
      audio: new DataLoader((ids) => loadAudio(db, ids)),
      voiceCount: new DataLoader(async (codes) => {
        const counts = await countVoicesByLanguage(db, actor.tenant);
        return codes.map((code) => counts.get(code) ?? 0);
      }),
    },
  };
}
