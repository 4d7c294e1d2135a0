import { needs } from "../../auth/scopes.ts";
import {
  ConflictError,
  InvalidInputError,
  NotFoundError,
  QuotaExceededError,
  UnsupportedAudioError,
  UploadFailedError,
  UploadTooLargeError,
} from "../../errors.ts";
import { builder } from "../../graphql/builder.ts";
import { VoiceType } from "../graphql.ts";
import { VoiceConsentInput } from "../upload/graphql.ts";
import { exportDigest, exportPath, openExport, recordExport, type VoiceExport } from "./export.ts";
import { type ImportRequest, importVoice } from "./import.ts";

interface ExportAnswer {
  readonly opened: VoiceExport;
  readonly sha256: string;
}

const VoiceExportType = builder.objectRef<ExportAnswer>("VoiceExport").implement({
  authScopes: needs("voices:write"),
  description:
    "A voice as one file: pack, embedding, consent record and sample under one checksum. `importVoice` takes it in.",
  isTypeOf: (value) => !(value instanceof Error) && "opened" in (value as object),
  fields: (t) => ({
    url: t.string({
      description:
        "Where to fetch it by GET. Where keys are needed it is signed and opens the file without one for a while.",
      resolve: ({ opened: { voice, withSample } }, _args, { fileUrl }) =>
        fileUrl(exportPath(voice.id, withSample), voice.tenant ?? ""),
    }),
    bytes: t.float({
      description: "Size of the file; a whole number.",
      resolve: ({ opened }) => opened.bytes,
    }),
    sha256: t.exposeString("sha256", {
      description: "SHA-256 of the whole file, in hexadecimal. The same until the voice changes.",
    }),
    withSample: t.boolean({
      description: "Whether the recording is in it.",
      resolve: ({ opened }) => opened.withSample,
    }),
  }),
});

builder.mutationField("exportVoice", (t) =>
  t.errorUnionField({
    types: [VoiceExportType, NotFoundError, ConflictError],
    union: { name: "ExportVoiceResult", description: "Where the file is, or why there is none." },
    authScopes: needs("voices:write"),
    description:
      "Puts an own voice into one file, to be kept or taken to another Speaker. That it was given out is in the audit log. " +
      "Stock voices refuse.",
    args: {
      id: t.arg.id({ required: true, description: "The voice, READY." }),
      includeSample: t.arg.boolean({
        required: true,
        defaultValue: true,
        description:
          "Whether the recording goes with it. The voice speaks without it; it cannot be enrolled anew then.",
      }),
    },
    resolve: async (_root, { id, includeSample }, { resources, actor }) => {
      const opened = await openExport(resources, actor.tenant, id, includeSample);
      const sha256 = await exportDigest(opened);
      await recordExport(resources.db, actor, opened, "address");
      return { opened, sha256 };
    },
  }),
);

const ImportVoiceInput = builder.inputRef<ImportRequest>("ImportVoiceInput").implement({
  description: "A voice that was exported.",
  fields: (t) => ({
    file: t.field({ type: "Upload", required: true, description: "The file that `exportVoice` gave." }),
    name: t.string({ description: "Its name here, 1 to 100 characters; the one in the file when left out." }),
    consent: t.field({
      type: VoiceConsentInput,
      description:
        "What gives the right to use this voice here. Without it the file is refused. The consent record in the file is " +
        "kept beside it.",
    }),
  }),
});

builder.mutationField("importVoice", (t) =>
  t.errorUnionField({
    types: [
      VoiceType,
      InvalidInputError,
      UnsupportedAudioError,
      UploadTooLargeError,
      UploadFailedError,
      QuotaExceededError,
    ],
    union: { name: "ImportVoiceResult", description: "The voice, or why the file was refused." },
    authScopes: needs("voices:write"),
    description:
      "Takes a voice in from the file that `exportVoice` gave, READY at once, under a new id. Sent by the GraphQL multipart " +
      "request specification. Every length, digest and number of the file is checked first; nothing in it is executed.",
    args: {
      input: t.arg({ type: ImportVoiceInput, required: true, description: "The file and the consent." }),
    },
    resolve: (_root, { input }, { resources, actor }) => importVoice(resources, actor, input),
  }),
);
