/** The worker thread that reads, checks, searches and writes dictionaries: seconds of work for the largest. */
import { parentPort } from "node:worker_threads";
import { unpackPronunciations } from "../synthesis/text/pronunciation-data.ts";
import { buildDictionary } from "./build.ts";
import { writeCsv } from "./csv.ts";
import { matchingEntries, pageOfEntries } from "./entries.ts";
import { writePls } from "./pls.ts";
import type {
  DictionaryResults,
  DictionaryWork,
  FromDictionaryThread,
  ToDictionaryThread,
} from "./protocol.ts";

if (parentPort === null) throw new Error("Dictionaries are read in a worker thread.");
const port = parentPort;
const post = (message: FromDictionaryThread) => port.postMessage(message);

function perform(work: DictionaryWork): DictionaryResults[DictionaryWork["type"]] {
  const entries = work.packed === null ? [] : unpackPronunciations(work.packed);
  if (work.type === "build") return buildDictionary(entries, work.change);
  if (work.type === "write") {
    const { format, language } = work;
    const chosen = matchingEntries(entries, { text: null, language });
    return Buffer.from(format === "PLS" ? writePls(chosen) : writeCsv(chosen));
  }
  const found = matchingEntries(entries, work.filter);
  return work.type === "count" ? found.length : pageOfEntries(found, work.page);
}

port.on("message", ({ call, work }: ToDictionaryThread) => {
  try {
    post({ call, result: perform(work) });
  } catch (error) {
    post({ call, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
