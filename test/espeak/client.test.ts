import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createEspeakClient, type EspeakClient } from "../../src/espeak/client.ts";

let client: EspeakClient | null = null;
const open = (options?: Parameters<typeof createEspeakClient>[0]) => {
  client = createEspeakClient(options);
  return client;
};

afterEach(async () => {
  await client?.close();
  client = null;
});

function pidOf(opened: EspeakClient): number {
  if (opened.pid === null) throw new Error("no program runs");
  return opened.pid;
}

const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("the espeak-ng program", () => {
  test("reads texts by the voice asked for, each on its own", async () => {
    const espeak = open();
    await espeak.start();
    expect(await espeak.phonemes("en-us", ["hello", "", "two words"])).toEqual([
      "h_ə_l_ˈoʊ",
      "",
      "t_ˈuː w_ˈɜː_d_z",
    ]);
    const [spanish, english] = await Promise.all([
      espeak.phonemes("es", ["hola"]),
      espeak.phonemes("en-gb-x-rp", ["water"]),
    ]);
    expect(spanish).toEqual(["ˈo_l_a"]);
    expect(english).toEqual(["w_ˈɔː_t_ɐ"]);
  });

  test("speaks a text, and tells when each of its sounds begins", async () => {
    const espeak = open();
    const { sampleRate, samples, phonemes } = await espeak.speak("de", "Hallo, Welt.", 175);
    const milliseconds = (samples.length / sampleRate) * 1000;
    expect(sampleRate).toBe(22_050);
    expect(milliseconds).toBeGreaterThan(600);
    expect(phonemes.map(([ipa]) => ipa).join("")).toBe("hˈaloːvˈɛlt");
    const starts = phonemes.map(([, start]) => start);
    expect(starts).toEqual([...starts].sort((one, other) => one - other));
    expect(starts.at(-1)).toBeLessThanOrEqual(milliseconds);
    // It reads as before.
    expect(await espeak.phonemes("de", ["Hallo"])).toEqual(["h_ˈa_l_oː"]);
  });

  test("an unknown voice is an error of that request only", async () => {
    const espeak = open();
    await expect(espeak.phonemes("tlh-x-none", ["x"])).rejects.toMatchObject({ code: "INTERNAL" });
    expect(await espeak.phonemes("en-us", ["go"])).toEqual(["ɡ_ˈoʊ"]);
  });

  test("is replaced when it was killed, and the loss is reported", async () => {
    const onLost = vi.fn();
    const espeak = open({ onLost });
    await espeak.start();
    const first = pidOf(espeak);
    process.kill(first, "SIGKILL");
    await vi.waitFor(() => expect(onLost).toHaveBeenCalledWith("exit SIGKILL"));
    expect(await espeak.phonemes("en-us", ["go"])).toEqual(["ɡ_ˈoʊ"]);
    expect(pidOf(espeak)).not.toBe(first);
  });

  test("a request that was under way when it was killed is answered by the next program", async () => {
    const espeak = open();
    await espeak.start();
    const answer = espeak.phonemes(
      "en-us",
      Array.from({ length: 2_000 }, () => "several words to read"),
    );
    process.kill(pidOf(espeak), "SIGKILL");
    expect(await answer).toHaveLength(2_000);
  });

  test("a hanging program is killed at the deadline, and the next request works", async () => {
    const espeak = open({ deadlineMs: 3_000 });
    await espeak.start();
    const hung = pidOf(espeak);
    process.kill(hung, "SIGSTOP");
    await expect(espeak.phonemes("en-us", ["x"])).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
    await vi.waitFor(() => expect(alive(hung)).toBe(false));
    expect(await espeak.phonemes("en-us", ["go"])).toEqual(["ɡ_ˈoʊ"]);
  });

  test("closing ends the program, its requests and later ones", async () => {
    const espeak = open();
    await espeak.start();
    const pid = pidOf(espeak);
    const pending = espeak.phonemes("en-us", ["x"]);
    const refused = expect(pending).rejects.toMatchObject({ code: "CANCELLED" });
    await espeak.close();
    await refused;
    expect(alive(pid)).toBe(false);
    await expect(espeak.phonemes("en-us", ["x"])).rejects.toMatchObject({ code: "CANCELLED" });
  });

  test("does not outlive a parent that was killed", async () => {
    const clientModule = new URL("../../src/espeak/client.ts", import.meta.url).href;
    const script =
      `import { createEspeakClient } from ${JSON.stringify(clientModule)};` +
      "const client = createEspeakClient(); await client.start(); process.stdout.write(String(client.pid));";
    const parent = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [answer] = await once(parent.stdout, "data");
    const pid = Number(String(answer));
    expect(alive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await once(parent, "exit");
    await vi.waitFor(() => expect(alive(pid)).toBe(false), { timeout: 10_000 });
  });
});
