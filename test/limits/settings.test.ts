import { describe, expect, it } from "vitest";
import { ConfigError, loadConfig } from "../../src/config.ts";
import { readPersistedOperations } from "../../src/graphql/plugins/persisted.ts";

function faultsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadConfig(env, {});
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe("settings of limits", () => {
  it("are safe when nothing is set", () => {
    const config = loadConfig({}, {});
    expect(config.rateLimit).toEqual({
      perMinute: 100,
      weights: {
        ...{ synthesize: 1, phonemize: 1, uploadVoice: 9, importDictionary: 4 },
        ...{ voiceExport: 4, dictionaryExport: 4, auditExport: 9 },
      },
    });
    expect(config.corsOrigins).toBe("none");
    expect(config.trustedProxies).toEqual([]);
    expect(config.graphql).toMatchObject({ introspection: true, batchLimit: 0, persistedOperations: null });
    expect(Object.values(config.quotas)).toEqual(Array(8).fill(null));
    expect(loadConfig({ NODE_ENV: "production" }, {}).graphql.introspection).toBe(false);
    expect(loadConfig({ NODE_ENV: "production", INTROSPECTION: "on" }, {}).graphql.introspection).toBe(true);
  });

  it("are read", () => {
    const config = loadConfig(
      {
        RATE_LIMIT_PER_MINUTE: "0",
        RATE_LIMIT_WEIGHTS: "synthesize=4, voices=2",
        CORS_ORIGINS: "https://app.example, http://localhost:3000",
        TRUSTED_PROXIES: "loopback, 10.0.0.0/8",
        QUOTA_CHARACTERS_PER_MONTH: "0",
        UPLOAD_TIMEOUT_SECONDS: "300",
      },
      {},
    );
    expect(config.rateLimit).toEqual({ perMinute: null, weights: { synthesize: 4, voices: 2 } });
    expect(config.corsOrigins).toEqual(["https://app.example", "http://localhost:3000"]);
    expect(config.quotas).toMatchObject({ charactersPerMonth: 0, charactersPerDay: null });
    // An upload is ended by its own limit, which says what was wrong.
    expect(config.timeouts.requestMs).toBe(305_000);
    expect(loadConfig({ CORS_ORIGINS: "*" }, {}).corsOrigins).toBe("any");
  });

  it.each([
    ["TRUSTED_PROXIES", "everyone"],
    ["TRUSTED_PROXIES", "10.0.0.0/40"],
    ["CORS_ORIGINS", "https://app.example/"],
    ["CORS_ORIGINS", "app.example"],
    ["CORS_ORIGINS", "*, https://app.example"],
    ["RATE_LIMIT_WEIGHTS", "synthesize"],
    ["RATE_LIMIT_WEIGHTS", "synthesize=-1"],
    ["QUOTA_VOICES", "many"],
    ["INTROSPECTION", "maybe"],
    ["PERSISTED_OPERATIONS_ONLY", "true"],
  ])("that are wrong are told by name: %s=%s", (name, value) => {
    const faults = faultsOf({ [name]: value });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^${name} (accepts|needs) `));
  });

  it("name a list of operations that can be read, or the service does not start", () => {
    for (const file of ["/nowhere/operations.json", import.meta.filename]) {
      expect(() => readPersistedOperations({ file, only: false })).toThrow(
        /PERSISTED_OPERATIONS_FILE must name/,
      );
    }
  });
});
