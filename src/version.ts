import { readFileSync } from "node:fs";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** Version of this program. */
export const VERSION: string = version;

/** Version of the API's contract: raised when a client that worked could stop working. */
export const API_VERSION = "1";
