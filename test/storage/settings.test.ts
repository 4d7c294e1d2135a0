import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError, loadConfig } from "../../src/config.ts";

const S3 = { STORAGE: "s3", S3_BUCKET: "sounds", S3_ACCESS_KEY_ID: "id", S3_SECRET_ACCESS_KEY: "hunter2" };

function faultsOf(env: NodeJS.ProcessEnv): string {
  try {
    loadConfig(env, {});
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.join("\n");
    throw error;
  }
  return "";
}

function bucketOf(env: NodeJS.ProcessEnv) {
  const { storage } = loadConfig({ ...S3, ...env }, {});
  if (storage.kind !== "s3") throw new Error("not a bucket");
  return storage.s3;
}

describe("settings of storage", () => {
  it("are a folder under DATA_DIR, swept every hour", () => {
    expect(loadConfig({ DATA_DIR: "/srv/speaker" }, {}).storage).toEqual({
      kind: "folder",
      folder: join("/srv/speaker", "storage"),
      sweep: { everyMinutes: 60, graceMinutes: 60 },
    });
    expect(loadConfig({ STORAGE_SWEEP_MINUTES: "0" }, {}).storage.sweep.everyMinutes).toBeNull();
  });

  it("are a bucket with what it cannot do without", () => {
    expect(faultsOf({ STORAGE: "s3" }).split("\n")).toEqual([
      "S3_BUCKET is needed with STORAGE=s3",
      "S3_ACCESS_KEY_ID is needed with STORAGE=s3",
      "S3_SECRET_ACCESS_KEY is needed with STORAGE=s3",
    ]);
    expect(bucketOf({})).toMatchObject({
      endpoint: null,
      region: "us-east-1",
      prefix: "",
      forcePathStyle: false,
    });
    const own = { S3_ENDPOINT: "http://127.0.0.1:9000", S3_PREFIX: "/speaker//production/" };
    expect(bucketOf(own)).toMatchObject({
      prefix: "speaker/production/",
      forcePathStyle: true,
      encryption: null,
    });
    expect(bucketOf({ ...own, S3_FORCE_PATH_STYLE: "false" }).forcePathStyle).toBe(false);
  });

  it("say what each variable accepts, and never its value", () => {
    const faults = faultsOf({
      ...S3,
      STORAGE: "tape",
      S3_ENDPOINT: "ftp://hunter2",
      S3_BUCKET: "Not A Bucket",
      S3_PREFIX: "../up",
      S3_FORCE_PATH_STYLE: "perhaps",
      S3_SSE: "rot13",
      STORAGE_SWEEP_MINUTES: "-1",
      STORAGE_GRACE_MINUTES: "0",
    });
    expect(faults.split("\n")).toHaveLength(8);
    for (const name of [
      "STORAGE accepts one of folder, s3",
      "S3_SSE accepts AES256",
      "STORAGE_GRACE_MINUTES accepts",
    ])
      expect(faults).toContain(name);
    expect(faults).not.toContain("hunter2");
  });
});
