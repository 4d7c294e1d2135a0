import { describe, expect, it } from "vitest";
import { credentialOfHeaders, credentialOfPayload } from "../../src/auth/credential.ts";
import { UnauthenticatedError } from "../../src/errors.ts";

describe("the key of a request", () => {
  it.each([
    [{ authorization: "Bearer k1" }, "k1"],
    [{ authorization: "bearer   k1 " }, "k1"],
    [{ authorization: "Bearer" }, ""],
    [{ "x-api-key": " k1 " }, "k1"],
    [{ "x-api-key": "" }, ""],
    [{ authorization: "Bearer k1", "x-api-key": "k1" }, "k1"],
    [{ authorization: "Basic dTpw" }, null],
    [{ authorization: "Basic dTpw", "x-api-key": "k1" }, "k1"],
    [{}, null],
  ])("is, of the headers %j, %j", (headers, expected) => expect(credentialOfHeaders(headers)).toBe(expected));

  it.each([
    [{ authorization: "Bearer k1" }, "k1"],
    [{ Authorization: "Bearer k1" }, "k1"],
    [{ apiKey: "k1" }, "k1"],
    [{ "X-API-Key": "k1" }, "k1"],
    [{ headers: { Authorization: "Bearer k1" } }, "k1"],
    [{ headers: { "x-api-key": "k1" }, apiKey: "k1" }, "k1"],
    [{ apiKey: 7 }, null],
    [{ headers: "k1" }, null],
    [undefined, null],
    [null, null],
    [[], null],
  ])("is, of the payload %j, %j", (payload, expected) => expect(credentialOfPayload(payload)).toBe(expected));

  it("is refused when there are two", () => {
    const two = { authorization: "Bearer k1", "x-api-key": "k2" };
    expect(() => credentialOfHeaders(two)).toThrow(UnauthenticatedError);
    expect(() => credentialOfPayload(two)).toThrow(UnauthenticatedError);
    expect(() => credentialOfPayload({ apiKey: "k1", headers: { "x-api-key": "k2" } })).toThrow(
      UnauthenticatedError,
    );
  });
});
