import { GraphQLError } from "graphql";
import { IncomingUpload } from "../uploads/incoming.ts";
import { builder } from "./builder.ts";

builder.scalarType("Upload", {
  description:
    "A file, sent by the GraphQL multipart request specification: null in the variables, its place named in `map`. " +
    "One file a request, over HTTP only.",
  serialize() {
    throw new GraphQLError("Upload is for input only.");
  },
  parseValue(value) {
    if (value instanceof IncomingUpload) return value;
    throw new GraphQLError(
      "Upload takes a file, sent by the GraphQL multipart request specification (multipart/form-data).",
    );
  },
  parseLiteral(node) {
    throw new GraphQLError("Upload takes a variable, never a literal.", { nodes: node as never });
  },
});
