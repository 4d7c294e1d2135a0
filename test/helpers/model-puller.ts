/** Child of the store tests, `model-puller DIR MANIFEST`: ensures the model `tiny` and says what happens. */
import { readFileSync } from "node:fs";
import { parseManifest } from "../../src/models/manifest.ts";
import { ModelStore } from "../../src/models/store.ts";

const [dir = "", manifest = ""] = process.argv.slice(2);
const say = (_fields: object, message: string) => process.stdout.write(`${message}\n`);
const store = new ModelStore({
  dir,
  manifest: parseManifest(JSON.parse(readFileSync(manifest, "utf8"))),
  logger: { info: say, warn: say },
  onProgress: ({ file, receivedBytes }) => process.stdout.write(`${file} ${receivedBytes}\n`),
});
await store.ensure("tiny");
process.stdout.write("ready\n");
