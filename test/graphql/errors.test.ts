import { readFileSync } from "node:fs";
import { GraphQLError, isInterfaceType } from "graphql";
import pino from "pino";
import { describe, expect, it } from "vitest";
import { ERROR_CODES, ForbiddenError, SpeakerError, UnauthenticatedError } from "../../src/errors.ts";
import { codeOf, errorPage } from "../../src/graphql/error-page.ts";
import { presentError } from "../../src/graphql/present.ts";
import { schema } from "../../src/graphql/schema.ts";

const present = (error: GraphQLError) =>
  presentError(error, { schema, suggest: true, requestId: "r1", log: pino({ level: "silent" }) });

describe("errors", () => {
  it("are as docs/errors.md says (npm run codegen writes it)", () => {
    const committed = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");
    expect(errorPage(schema)).toBe(committed);
  });

  it("that are typed are named after a code", () => {
    const shared = schema.getType("Error");
    const names = isInterfaceType(shared) ? schema.getPossibleTypes(shared).map(codeOf) : [];
    expect(names.length).toBeGreaterThan(4);
    expect(names.filter((code) => !(code in ERROR_CODES))).toEqual([]);
  });

  it("carry code, status, request id, time and path, and the context that is safe", () => {
    const originalError = new ForbiddenError("No.", ["admin"]);
    const error = present(new GraphQLError("x", { originalError, path: ["apiKeys"] }));
    expect(error.message).toBe("No.");
    expect(error.path).toEqual(["apiKeys"]);
    expect(error.extensions).toMatchObject({
      code: "FORBIDDEN",
      scopes: ["admin"],
      requestId: "r1",
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      http: { status: 403 },
    });
    const { extensions } = present(
      new GraphQLError("x", { originalError: new UnauthenticatedError("Who?") }),
    );
    expect(extensions.http).toEqual({
      status: 401,
      headers: { "WWW-Authenticate": 'Bearer realm="speaker"' },
    });
  });

  it("have a status for every code", () => {
    for (const code of Object.keys(ERROR_CODES) as (keyof typeof ERROR_CODES)[]) {
      const { extensions } = present(new GraphQLError("x", { originalError: new SpeakerError(code, "m") }));
      expect([extensions.code, extensions.http]).toEqual([
        code,
        { status: ERROR_CODES[code].status, headers: {} },
      ]);
    }
  });

  it("of libraries get a code of ours, and faults tell nothing", () => {
    expect(present(new GraphQLError("Syntax Error")).extensions.code).toBe("BAD_REQUEST");
    const foreign = new GraphQLError("no", { extensions: { code: "SOME_LIBRARY_CODE" } });
    expect(present(foreign).extensions.code).toBe("BAD_REQUEST");
    const fault = present(
      new GraphQLError("x", { originalError: new Error("password=hunter2"), path: ["a"] }),
    );
    expect(fault.extensions).toMatchObject({ code: "INTERNAL", http: { status: 500 } });
    expect(fault.message).toContain("r1");
    expect(JSON.stringify(fault)).not.toContain("hunter2");
  });
});
