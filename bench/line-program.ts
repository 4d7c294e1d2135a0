import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { cleanup } from "./cleanup.ts";

/** A program that answers a line of JSON with a line of JSON, one after the other. */
export interface LineProgram {
  /** Name and version of everything in it: what its first line told. */
  readonly versions: string;
  ask<Answer>(question: object): Promise<Answer>;
  stop(): Promise<void>;
}

/** @throws Error with the end of its error output when the program ends instead of answering. */
export async function startLineProgram(
  command: string,
  args: readonly string[],
  env = {},
): Promise<LineProgram> {
  const child = spawn(command, args, { stdio: "pipe", env: { ...process.env, ...env } });
  const stop = cleanup(async () => {
    child.kill("SIGKILL");
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async <Answer>(): Promise<Answer> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${command} ended: ${complaint}`);
      // Native libraries print what they like.
      if (value.startsWith("{")) return JSON.parse(value) as Answer;
    }
  };
  const { versions } = await next<{ versions: Record<string, string> }>();
  return {
    versions: Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
    stop,
    ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      return next();
    },
  };
}
