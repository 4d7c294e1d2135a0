import "./scalars.ts";
import "./upload-scalar.ts";
import "../auth/graphql.ts";
import "../voices/graphql.ts";
import "../voices/upload/graphql.ts";
import "../voices/enrolment/graphql.ts";
import "../voices/mixing/graphql.ts";
import "../voices/management/graphql.ts";
import "../voices/previews/graphql.ts";
import "../voices/transfer/graphql.ts";
import "../languages/graphql.ts";
import "../dictionaries/graphql.ts";
import "../dictionaries/mutations.ts";
import "../synthesis/graphql.ts";
import "../synthesis/request-graphql.ts";
import "../synthesis/stream/graphql.ts";
import "../synthesis/words-graphql.ts";
import "../phonemize/graphql.ts";
import "../synthesis/text-graphql.ts";
import "../jobs/mutations.ts";
import "../health/graphql.ts";
import "../audit/graphql.ts";
import "../metrics/graphql.ts";
import "../usage/graphql.ts";
import { builder } from "./builder.ts";

/** The executable schema. */
export const schema = builder.toSchema({ sortSchema: true });
