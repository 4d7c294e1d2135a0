import type { ModelStore } from "../models/store.ts";
import { PIPER_STOCK_VOICES } from "./stock.ts";

/** How long a look into the folder of the models holds: many fields of one answer ask. */
const LOOK_MS = 2_000;

/** Which voices have their weights on this node. */
export interface InstalledVoices {
  /** Ids of the Piper voices whose files are all here. All other voices speak with what every node has. */
  voices(): Promise<ReadonlySet<string>>;
}

/** Looks by the size of files alone: whether they are right is found out before they are used. */
export function createInstalledVoices(models: Pick<ModelStore, "present">): InstalledVoices {
  const ids = PIPER_STOCK_VOICES.map(({ id }) => id);
  let look: { readonly at: number; readonly found: Promise<ReadonlySet<string>> } | null = null;
  return {
    voices() {
      if (look === null || performance.now() - look.at > LOOK_MS) {
        look = { at: performance.now(), found: models.present(ids) };
      }
      return look.found;
    },
  };
}
