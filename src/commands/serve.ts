import { type Config, loadConfig, type Role } from "../config.ts";
import { createLogger } from "../log.ts";
import { startNode } from "../serve.ts";
import { explainFailure } from "./failure.ts";
import { modelProgress } from "./progress.ts";

/** Runs a node until a signal stops it. A second signal stops it without grace. */
export async function runServe(options: { role?: Role }): Promise<void> {
  let config: Config;
  try {
    config = loadConfig(options.role === undefined ? {} : { ROLE: options.role });
  } catch (error) {
    process.stderr.write(`${explainFailure(error)}\n`);
    process.exitCode = 1;
    return;
  }
  const log = createLogger(config.log);
  const progress = modelProgress(log);
  let stop: () => Promise<void> = async () => {};
  const end = async (why: string) => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ why }, "stopping");
    await stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  let stopping = false;
  process.on("SIGTERM", () => void end("SIGTERM"));
  process.on("SIGINT", () => void end("SIGINT"));
  process.on("uncaughtException", (error) => {
    log.fatal({ err: error }, "uncaught fault");
    process.exit(1);
  });
  try {
    const node = await startNode(config, log, progress.show);
    progress.done();
    stop = () => node.stop();
    log.info({ role: config.role, port: node.port }, "ready");
    if (config.role !== "worker") process.stdout.write(welcome(config, node.port));
  } catch (error) {
    progress.done();
    log.debug({ err: error }, "could not start");
    process.stderr.write(`Speaker could not start. ${explainFailure(error)}\n`);
    process.exit(1);
  }
}

function welcome({ http }: Config, port: number): string {
  const host = ["0.0.0.0", "::", "127.0.0.1", "::1"].includes(http.host) ? "localhost" : http.host;
  const base = http.publicUrl ?? `http://${host}:${port}`;
  return `
  Speaker is ready.

  GraphiQL   ${base}/graphql
  Try this   mutation {
               synthesize(input: { text: "Hello! This is Speaker.", voiceId: "af_heart", format: MP3 }) {
                 ... on SynthesisJob { id status }
                 ... on Error { code message }
               }
             }
  Then open  ${base}/audio/<id>

`;
}
