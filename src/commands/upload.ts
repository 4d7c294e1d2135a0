import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { SpeakerClient } from "../client/client.ts";
import { JobProgress, UploadVoice } from "../client/operations.ts";
import { loadConfig } from "../config.ts";
import { SpeakerError } from "../errors.ts";
import type { CONSENT_KINDS } from "../voices/table.ts";
import { newBar } from "./progress.ts";

/** What gives the right to use the voice, as the command line writes it. */
export const CONSENTS = {
  "own-voice": "OWN_VOICE",
  permission: "PERMISSION",
  licensed: "LICENSED",
} as const satisfies Record<string, (typeof CONSENT_KINDS)[number]>;

export interface UploadOptions {
  readonly name: string;
  readonly language: string;
  readonly consent: keyof typeof CONSENTS;
  readonly note?: string;
  readonly server: string;
  readonly apiKey?: string;
}

/** `speaker upload`: makes a voice from a recording on a running server, and waits until it is as good as it gets. */
export async function upload(path: string, options: UploadOptions): Promise<void> {
  const { name, language, consent, note = null } = options;
  const client = new SpeakerClient(options.server, { apiKey: options.apiKey ?? loadConfig().client.apiKey });
  const content = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new SpeakerError("INVALID_INPUT", `${path} cannot be read (${cause.code}).`, { cause });
  });
  const file = new File([new Uint8Array(content)], basename(path));
  const { uploadVoice: voice } = await client.request(UploadVoice, {
    input: { file, name, language, consent: { kind: CONSENTS[consent], note } },
  });
  if (voice.__typename !== "Voice") throw new SpeakerError(voice.code, voice.message);
  process.stdout.write(`${voice.id}\n`);
  if (voice.enrolment != null) await follow(client, voice.enrolment.id);
}

async function follow(client: SpeakerClient, id: string): Promise<void> {
  const bar = newBar("{stage} {bar} {percentage}%");
  bar.start(1, 0, { stage: "waiting" });
  try {
    for await (const { jobProgress: job } of client.subscribe(JobProgress, { id })) {
      bar.update(job.progress, { stage: job.stage.toLowerCase() });
      if (job.status === "FAILED" && job.error != null) {
        throw new SpeakerError(job.error.code, job.error.message);
      }
    }
  } finally {
    bar.stop();
  }
}
