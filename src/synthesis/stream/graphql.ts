import { canBeCut } from "../../audio/encode-frames.ts";
import { needs } from "../../auth/scopes.ts";
import { ConflictError, NotFoundError } from "../../errors.ts";
import { builder } from "../../graphql/builder.ts";
import { findJob } from "../../jobs/job.ts";
import { AudioFormatEnum } from "../graphql.ts";
import { inputOf, rateOf, type SynthesisInput } from "../input.ts";
import { type AudioChunk, cutIntoChunks } from "./chunks.ts";
import type { Listening } from "./streams.ts";
import { readSnapshot } from "./utterances.ts";

/** Utterances of a stored recording that are read at a time. */
const ROWS = 50;

interface SentChunk extends AudioChunk {
  readonly input: SynthesisInput;
}

const AudioChunkType = builder.objectRef<SentChunk>("AudioChunk").implement({
  authScopes: needs("synthesize"),
  description: "The share that one utterance has in the audio of a job.",
  fields: (t) => ({
    index: t.exposeInt("index", { description: "Position of the utterance in the job, from 0." }),
    audio: t.string({
      description:
        "Base64 of bytes that continue those of the chunks before: all of them together are the stream. It ends behind a " +
        "whole frame, so that the end of the utterance may come with the next chunk; empty for a very short one.",
      resolve: ({ bytes }) =>
        Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64"),
    }),
    format: t.field({
      type: AudioFormatEnum,
      description: "What the stream is encoded as.",
      resolve: ({ input }) => input.format,
    }),
    sampleRate: t.int({ description: "Samples a second, in Hz.", resolve: ({ input }) => rateOf(input) }),
    startSeconds: t.float({
      description: "When its first sound is heard, from the start of the audio.",
      resolve: ({ utterance }) => utterance.startSeconds,
    }),
    durationSeconds: t.float({
      description: "From its first sound to its last; 0 when it holds none.",
      resolve: ({ utterance }) => utterance.durationSeconds,
    }),
    text: t.string({
      description: "What is spoken in it, as it was sent.",
      resolve: ({ input, utterance }) => input.text.slice(utterance.textStart, utterance.textEnd),
    }),
    final: t.exposeBoolean("final", { description: "True with the last chunk; then the stream ends." }),
  }),
});

builder.subscriptionField("audioChunks", (t) =>
  t.field({
    type: AudioChunkType,
    authScopes: needs("synthesize"),
    description:
      "The audio of a synthesis job while it is made, an utterance at a time, from the first one on whenever one " +
      "subscribes. Chunks are made as the connection takes them. An error ends the stream: the job's own when it fails " +
      "or is cancelled. An unknown id is an error NOT_FOUND; FLAC cannot be cut and is a CONFLICT.",
    args: {
      jobId: t.arg.id({ required: true, description: "The job's id." }),
      fromIndex: t.arg.int({
        description:
          "The first chunk that is wanted, to go on after a connection was lost; 0 when left out. Chunks are the same " +
          "whenever they are asked for.",
      }),
    },
    subscribe: async (_root, { jobId, fromIndex }, { resources, actor }) => {
      const job = await findJob(resources.db, actor.tenant, jobId);
      if (job === null) throw new NotFoundError("There is no such job.");
      const parts = resources.streams.listen(job, { actor });
      const input = inputOf(job);
      if (!canBeCut(input.format)) {
        throw new ConflictError(
          "FLAC cannot be sent in chunks. Fetch it at its audio.url once the job has SUCCEEDED.",
        );
      }
      const chunks = cutIntoChunks(parts, {
        format: input.format,
        sampleRate: rateOf(input),
        fromIndex: fromIndex ?? 0,
        rows: async (from) => (await readSnapshot(resources.db, job.id, from, ROWS))?.spoken ?? [],
      });
      return leaving(sent(chunks, input), parts);
    },
    resolve: (chunk) => {
      if (chunk instanceof Error) throw chunk;
      return chunk;
    },
  }),
);

/** A failure becomes the last value: thrown between two, it would end the connection without saying why. */
async function* sent(
  chunks: AsyncGenerator<AudioChunk>,
  input: SentChunk["input"],
): AsyncGenerator<SentChunk | Error> {
  try {
    for await (const chunk of chunks) yield { ...chunk, input };
  } catch (error) {
    yield error instanceof Error ? error : new Error(String(error));
  }
}

/** Whoever leaves does so at once, also while the next utterance is waited for. */
function leaving<Value>(values: AsyncGenerator<Value>, parts: Listening): AsyncIterableIterator<Value> {
  return {
    next: () => values.next(),
    return() {
      void parts.return();
      return values.return(undefined);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
