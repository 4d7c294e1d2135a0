import { writeFileSync } from "node:fs";
import { printSchema } from "graphql";
import { errorPage } from "./error-page.ts";
import { schema } from "./schema.ts";

// `npm run schema`: writes the SDL, and the page of errors, to the files that are named.
writeFileSync(process.argv[2] ?? "schema.graphql", `${printSchema(schema)}\n`);
writeFileSync(process.argv[3] ?? "docs/errors.md", errorPage(schema));
