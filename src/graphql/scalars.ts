import { GraphQLDateTimeISO } from "graphql-scalars";
import { builder } from "./builder.ts";

builder.addScalarType("DateTime", GraphQLDateTimeISO, {
  description: "A point in time, ISO 8601 in UTC with milliseconds, such as 2026-01-31T12:00:00.000Z.",
});
