// sherpa-onnx as a peer of the benchmarks: a request a line on stdin, an answer a line on stdout, both JSON.
// Arguments: the folder with the package, the folder that sherpa_model.py has written, the voice.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const [packages, folder, voice] = process.argv.slice(2);
const require = createRequire(join(packages, "package.json"));
const { OfflineTts } = require("sherpa-onnx-node");
const { voices, espeak } = JSON.parse(readFileSync(join(folder, "about.json"), "utf8"));
const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

const tts = new OfflineTts({
  model: {
    kokoro: {
      ...{
        model: join(folder, "model.onnx"),
        voices: join(folder, "voices.bin"),
        tokens: join(folder, "tokens.txt"),
      },
      ...{ dataDir: espeak, lexicon: "", lang: "en-us" },
    },
    ...{ numThreads: availableParallelism(), provider: "cpu", debug: 0 },
  },
  maxNumSentences: 1,
});
answer({ versions: { "sherpa-onnx-node": require("sherpa-onnx-node/package.json").version } });
for await (const line of createInterface({ input: process.stdin })) {
  const startedAt = performance.now();
  const { samples, sampleRate } = tts.generate({
    text: JSON.parse(line).text,
    sid: voices.indexOf(voice),
    speed: 1,
  });
  answer({ seconds: (performance.now() - startedAt) / 1000, audioSeconds: samples.length / sampleRate });
}
