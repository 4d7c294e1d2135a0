import { posix, win32 } from "node:path";

/**
 * Where weights are kept when nothing says otherwise: the user's cache folder of the platform (XDG Base
 * Directory Specification on Linux and the BSDs), so that every checkout and every start shares them.
 *
 * @param platform as in `process.platform`
 * @param home the user's home folder
 * @param environment a record like `process.env`: `MODELS_DIR` wins, then `XDG_CACHE_HOME` or `LOCALAPPDATA`
 */
export function defaultModelsDir(
  platform: NodeJS.Platform,
  home: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  if (environment.MODELS_DIR) return environment.MODELS_DIR;
  if (platform === "win32") {
    const local = environment.LOCALAPPDATA || win32.join(home, "AppData", "Local");
    return win32.join(local, "speaker", "models");
  }
  if (platform === "darwin") return posix.join(home, "Library", "Caches", "speaker", "models");
  // The specification says to ignore a relative path.
  const xdg = environment.XDG_CACHE_HOME;
  return posix.join(xdg?.startsWith("/") ? xdg : posix.join(home, ".cache"), "speaker", "models");
}
