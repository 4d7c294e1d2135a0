/**
 * A program of its own that decodes what strangers send. It has no environment, no database and no network to
 * speak of; it is bounded in memory and time by its parent (`intake.ts`), which kills it when it exceeds either.
 */
import { UnsupportedAudioError } from "../../errors.ts";
import { inspectFile } from "./inspect.ts";
import type { FromDecoder, ToDecoder } from "./protocol.ts";

const send = (message: FromDecoder) => process.send?.(message);

async function answer({ id, request }: ToDecoder): Promise<FromDecoder> {
  try {
    return { type: "facts", id, facts: await inspectFile(request) };
  } catch (error) {
    if (!(error instanceof UnsupportedAudioError)) return { type: "failed", id, fault: String(error) };
    const { reason, message, cause } = error;
    return { type: "refused", id, reason, message, fault: cause === undefined ? null : String(cause) };
  }
}

process.on("message", (message) => void answer(message as ToDecoder).then(send));
process.on("disconnect", () => process.exit(0));
// A decoder that fails beyond its own promise leaves the answer to the parent, which sees this process end.
process.on("unhandledRejection", (error) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
send({ type: "ready" });
