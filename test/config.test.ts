import { describe, expect, it } from "vitest";
import { ConfigError, loadConfig } from "../src/config.ts";

const faultsOf = (env: NodeJS.ProcessEnv): readonly string[] => {
  try {
    loadConfig(env, {});
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
};

describe("configuration", () => {
  it("needs no variable at all", () => {
    const config = loadConfig({}, { HOME: "/home/someone" });
    expect(config.role).toBe("all");
    expect(config.http).toEqual({ host: "127.0.0.1", port: 4000, publicUrl: null });
    expect(config.database.kind).toBe("embedded");
    expect(config.inference.providers).toEqual(["cuda", "webgpu", "cpu"]);
  });

  it("reports every fault at once, with the variable's name and what it accepts, never its value", () => {
    const secret = "mysql://user:hunter2@host/db";
    const faults = faultsOf({
      PORT: "http",
      ROLE: "boss",
      DATABASE_URL: secret,
      EXECUTION_PROVIDERS: "cpu,tpu",
      AUDIO_RETENTION_HOURS: "-1",
      INFERENCE_MEMBERS: "0",
    });
    expect(faults).toHaveLength(6);
    const text = faults.join("\n");
    expect(text).toContain("PORT accepts a whole number from 0 to 65535");
    expect(text).toContain("ROLE accepts one of all, api, worker");
    expect(text).toContain("DATABASE_URL accepts a URL that starts with postgres:// or postgresql://");
    expect(text).toContain("EXECUTION_PROVIDERS accepts a comma-separated order of cuda, webgpu, cpu");
    expect(text).toContain('INFERENCE_MEMBERS accepts "auto" or a whole number from 1 to 64');
    expect(text).not.toContain("hunter2");
  });

  it("takes an empty variable as unset", () => {
    expect(loadConfig({ PORT: "", DATABASE_URL: "" }, {}).http.port).toBe(4000);
  });

  it("is frozen to the bottom", () => {
    const config = loadConfig({}, {});
    expect(() => Object.assign(config.http, { port: 1 })).toThrow(TypeError);
  });

  it("keeps audio for ever when told 0 hours", () => {
    expect(loadConfig({ AUDIO_RETENTION_HOURS: "0" }, {}).audio.retentionHours).toBeNull();
    expect(loadConfig({ AUDIO_RETENTION_HOURS: "24" }, {}).audio.retentionHours).toBe(24);
  });
});
