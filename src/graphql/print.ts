import { writeFileSync } from "node:fs";
import { printSchema } from "graphql";
import { schema } from "./schema.ts";

// `npm run schema`: writes the SDL to the file that is named.
writeFileSync(process.argv[2] ?? "schema.graphql", `${printSchema(schema)}\n`);
