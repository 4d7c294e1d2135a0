#!/usr/bin/env node
import { Command, InvalidArgumentError, Option } from "commander";
import { AUDIO_FORMATS, type AudioFormat } from "./audio/format.ts";
import { SCOPE_NAMES } from "./auth/scopes.ts";
import { exportAuditLog, parseAnchor, verifyAuditLog } from "./commands/audit.ts";
import {
  type DictionaryServer,
  exportDictionary,
  importDictionary,
  listDictionaries,
} from "./commands/dictionaries.ts";
import { explainFailure } from "./commands/failure.ts";
import { type CreateKeyOptions, createKey, listKeys, revokeKey, rotateKey } from "./commands/keys.ts";
import { runMigrate } from "./commands/migrate.ts";
import { listModels, type PullOptions, pullModels, verifyModels } from "./commands/models.ts";
import { say } from "./commands/say.ts";
import { runServe } from "./commands/serve.ts";
import { runStorageCheck, runStorageSweep } from "./commands/storage.ts";
import { tune } from "./commands/tune.ts";
import { CONSENTS, type UploadOptions, upload } from "./commands/upload.ts";
import { exportVoice, importVoice } from "./commands/voice-files.ts";
import { listVoices } from "./commands/voices.ts";
import { ROLES, type Role } from "./config.ts";
import { MAX_SPEED, MIN_SPEED } from "./synthesis/input.ts";
import { VERSION } from "./version.ts";
import { CONSENT_KINDS } from "./voices/table.ts";

const program = new Command("speaker")
  .description("Self-hosted text-to-speech behind a typed GraphQL API")
  .version(VERSION)
  // An option behind a subcommand is the subcommand's, also where its parent has one of that name.
  .enablePositionalOptions()
  .showHelpAfterError();

program
  .command("serve")
  .description("run a node: the API, a worker, or both")
  .addOption(new Option("--role <role>", "what this node does").choices(ROLES))
  .action((options: { role?: Role }) => runServe(options));

const API_KEY_HELP = "key for that Speaker; better in the environment as SPEAKER_API_KEY";

const speed = (value: string) => {
  const number = Number(value);
  if (!(number >= MIN_SPEED && number <= MAX_SPEED))
    throw new InvalidArgumentError(`accepts ${MIN_SPEED} to ${MAX_SPEED}`);
  return number;
};

program
  .command("say")
  .description("speak a text into a file; needs no server")
  .argument("<text>", "what to speak; - reads standard input")
  .option(
    "-v, --voice <id>",
    "the voice, see `speaker voices`, or a mix such as 'af_heart(2)+af_sky(1)'; one of the language when left out",
  )
  .option("-l, --language <tag>", "language of the text, such as fr; found out when left out")
  .option("--ssml", "the text is SSML; one that begins with <speak> is anyway")
  .option("-o, --out <file>", "where the audio goes; its extension chooses the format", "speech.wav")
  .addOption(
    new Option("-f, --format <format>", "format, when the extension does not say").choices(AUDIO_FORMATS),
  )
  .option("-s, --speed <factor>", `pace, ${MIN_SPEED} to ${MAX_SPEED}`, speed, 1)
  .option("--server <url>", "let a running Speaker do it, over its GraphQL API")
  .option("--api-key <key>", API_KEY_HELP)
  .action(
    (
      text: string,
      options: {
        voice?: string;
        language?: string;
        ssml?: boolean;
        out: string;
        format?: AudioFormat;
        speed: number;
        server?: string;
        apiKey?: string;
      },
    ) => say(text, options),
  );

const voices = program.command("voices");
voices
  .description("list the voices")
  .option("-l, --language <tag>", "only voices of this language, such as en or en-GB")
  .option("--server <url>", "ask a running Speaker, which also knows cloned voices")
  .option("--api-key <key>", API_KEY_HELP)
  .action((options: { language?: string; server?: string; apiKey?: string }) => listVoices(options));
voices
  .command("export")
  .description("put a voice of a running Speaker into one file")
  .argument("<id>", "the voice")
  .argument("<file>", "where it goes")
  .requiredOption("--server <url>", "the Speaker that has it")
  .option("--api-key <key>", API_KEY_HELP)
  .option("--no-sample", "leave the recording out")
  .action((id: string, file: string, options: Parameters<typeof exportVoice>[2]) =>
    exportVoice(id, file, options),
  );
voices
  .command("import")
  .description("take an exported voice in, under a new id")
  .argument("<file>", "what `speaker voices export` has written")
  .requiredOption("--server <url>", "the Speaker that is to have it")
  .option("--api-key <key>", API_KEY_HELP)
  .addOption(
    new Option("--consent <kind>", "what gives you the right to use this voice")
      .choices(CONSENT_KINDS)
      .makeOptionMandatory(),
  )
  .option("--note <text>", "anything that supports it")
  .option("--name <name>", "its name here; the one in the file when left out")
  .action((file: string, options: Parameters<typeof importVoice>[1]) => importVoice(file, options));

const words = program.command("dictionaries").description("pronunciation dictionaries of a running Speaker");
words
  .command("list")
  .description("list them")
  .requiredOption("--server <url>", "where Speaker runs, such as http://localhost:4000")
  .option("--api-key <key>", API_KEY_HELP)
  .action((options: DictionaryServer) => listDictionaries(options));
words
  .command("import")
  .description("make a dictionary from a file, or take the file into one that is there")
  .argument("<file>", "a lexicon (PLS) or a table (CSV)")
  .requiredOption("--server <url>", "the Speaker that is to have it")
  .option("--api-key <key>", API_KEY_HELP)
  .option("--name <name>", "what a new dictionary is called; the file's name when left out")
  .option("--into <id>", "the dictionary that takes it in")
  .option("--replace", "with --into: all entries that it had go")
  .option("-l, --language <tag>", "the language of entries that state none")
  .action((file: string, options: Parameters<typeof importDictionary>[1]) => importDictionary(file, options));
words
  .command("export")
  .description("put the entries of a dictionary into a file")
  .argument("<id>", "the dictionary")
  .argument("<file>", "where they go; a table where it ends in .csv, else a lexicon")
  .requiredOption("--server <url>", "the Speaker that has it")
  .option("--api-key <key>", API_KEY_HELP)
  .option("-l, --language <tag>", "only the entries for this language and for all")
  .action((id: string, file: string, options: Parameters<typeof exportDictionary>[2]) =>
    exportDictionary(id, file, options),
  );

program
  .command("upload")
  .description("make a voice from a recording, on a running Speaker")
  .argument("<file>", "the recording: 3 s to 5 min of one person")
  .requiredOption("--name <name>", "what the voice is called")
  .requiredOption("--language <tag>", "what it speaks, such as en-US")
  .addOption(
    new Option("--consent <kind>", "what gives you the right to use the voice")
      .choices(Object.keys(CONSENTS))
      .makeOptionMandatory(),
  )
  .option("--note <text>", "anything that supports it")
  .requiredOption("--server <url>", "where Speaker runs, such as http://localhost:4000")
  .option("--api-key <key>", API_KEY_HELP)
  .action((file: string, options: UploadOptions) => upload(file, options));

program.command("migrate").description("bring the database up to date, then exit").action(runMigrate);

const anchor = (value: string) => {
  const parsed = parseAnchor(value);
  if (parsed === null) throw new InvalidArgumentError("accepts a head that `speaker audit verify` printed");
  return parsed;
};
const time = (value: string) => {
  const date = new Date(value);
  if (Number.isNaN(date.getTime()))
    throw new InvalidArgumentError("accepts a time such as 2026-01-31T12:00:00Z");
  return date;
};
const sequence = (value: string) => {
  if (!/^\d{1,15}$/.test(value)) throw new InvalidArgumentError("accepts the number of an entry");
  return Number(value);
};

const audit = program.command("audit").description("who did what");
audit
  .command("verify")
  .description(
    "follow the chain of entries; exit code 1 and the first bad entry when one was changed or removed",
  )
  .option("--file <file>", "an export in place of the database")
  .option("--anchor <head>", "a head that was noted earlier: finds a chain that was made anew", anchor)
  .action(verifyAuditLog);
audit
  .command("export")
  .description("entries as JSON Lines, in the order of the chain")
  .option("-o, --out <file>", "where they go; standard output when left out")
  .option("--after <number>", "only entries behind this one", sequence, 0)
  .option("--from <time>", "only entries written at this time or later", time)
  .option("--to <time>", "only entries written before this time", time)
  .action(exportAuditLog);

const models = program.command("models").description("weights of the models");
models
  .command("pull")
  .description("fetch and verify weights; all that speaking needs when none is named")
  .argument("[id...]", "models and voices of Piper, see `speaker models list --all`")
  .option("-l, --language <tag...>", "the best voice of Piper for each of these languages, such as de")
  .option("--all", "all voices of these languages")
  .action((ids: string[], options: PullOptions) => pullModels(ids, options));
models
  .command("verify")
  .description("hash every file again")
  .argument("[id...]", "models")
  .action(verifyModels);
models
  .command("list")
  .description("what there is and what is here")
  .option("--all", "also the voices of Piper that are not here")
  .action((options: { all?: boolean }) => listModels(options));

const count =
  (most: number, least = 0) =>
  (value: string) => {
    const number = Number(value);
    if (!(Number.isInteger(number) && number >= least && number <= most))
      throw new InvalidArgumentError(`accepts a whole number from ${least} to ${most}`);
    return number;
  };

program
  .command("tune")
  .description("measure weights, processes and threads on this machine, and keep the best for later starts")
  .option("--rounds <count>", "how often each is measured; the best counts", count(20, 1), 2)
  .option("--json", "figures as JSON")
  .action((options: { rounds: number; json?: boolean }) => tune(options));

const keys = program.command("keys").description("keys that callers send");
keys
  .command("create")
  .description("make a key and show its secret, once")
  .requiredOption("--name <name>", "what it is called, for people and in the audit log")
  .requiredOption("--scopes <scopes>", `what it may do, of ${SCOPE_NAMES.join(", ")}; several with commas`)
  .option("--tenant <name>", "whose voices and jobs it sees; its own when left out")
  .option("--expires-hours <hours>", "from when it is refused; never when left out", count(1_000_000))
  .action((options: CreateKeyOptions) => createKey(options));
keys.command("list").description("the newest keys, without their secrets").action(listKeys);
keys
  .command("revoke")
  .description("end a key at once")
  .argument("<id>", "the key, see `speaker keys list`")
  .action((id: string) => revokeKey(id));
keys
  .command("rotate")
  .description("replace a key by a new one that may do the same")
  .argument("<id>", "the key, see `speaker keys list`")
  .option("--grace <seconds>", "how long the old one works on", count(2_592_000), 3600)
  .action((id: string, options: { grace: number }) => rotateKey(id, options));

const storage = program.command("storage").description("where audio and voices lie");
storage
  .command("sweep")
  .description("remove what no row of the database names; nodes do it by themselves")
  .option("--dry-run", "say what would be removed, and remove nothing")
  .action((options: { dryRun?: boolean }) => runStorageSweep(options));
storage
  .command("check")
  .description("prove that the store works and holds what the database names")
  .action(runStorageCheck);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${explainFailure(error)}\n`);
  process.exitCode = 1;
}
