import { describe, expect, it } from "vitest";
import { defaultModelsDir } from "../../src/models/paths.ts";

describe("defaultModelsDir", () => {
  it.each([
    ["MODELS_DIR wins", "linux", "/home/a", { MODELS_DIR: "/srv/m", XDG_CACHE_HOME: "/x" }, "/srv/m"],
    ["XDG_CACHE_HOME", "linux", "/home/a", { XDG_CACHE_HOME: "/x" }, "/x/speaker/models"],
    [
      "a relative XDG_CACHE_HOME is ignored",
      "linux",
      "/home/a",
      { XDG_CACHE_HOME: "x" },
      "/home/a/.cache/speaker/models",
    ],
    ["the home folder", "freebsd", "/home/a", {}, "/home/a/.cache/speaker/models"],
    [
      "empty variables count as unset",
      "linux",
      "/home/a",
      { MODELS_DIR: "", XDG_CACHE_HOME: "" },
      "/home/a/.cache/speaker/models",
    ],
    ["macOS", "darwin", "/Users/a", {}, "/Users/a/Library/Caches/speaker/models"],
    ["Windows", "win32", "C:\\Users\\a", { LOCALAPPDATA: "D:\\Local" }, "D:\\Local\\speaker\\models"],
    [
      "Windows without LOCALAPPDATA",
      "win32",
      "C:\\Users\\a",
      {},
      "C:\\Users\\a\\AppData\\Local\\speaker\\models",
    ],
  ] as const)("%s", (_name, platform, home, environment, expected) => {
    expect(defaultModelsDir(platform, home, environment)).toBe(expected);
  });
});
