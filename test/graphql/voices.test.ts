import { expect, it } from "vitest";
import { Voices } from "../../src/client/operations.ts";
import { STOCK_VOICES } from "../../src/voices/stock.ts";
import { post } from "../helpers/caller.ts";
import { describeDatabases } from "../helpers/database.ts";
import { useTestNode } from "../helpers/node.ts";

describeDatabases("voices and languages", (kind) => {
  const node = useTestNode(kind);
  const query = async (text: string) => (await post(node.url, text)).body;

  it("serves Kokoro's nine languages with their 54 voices first, then more than a hundred others", async () => {
    const { languages } = (
      await query(
        "{ languages { code name nativeName tier engines voiceCount tiers { tier engine voiceCount installed } } }",
      )
    ).data;
    expect(languages.length).toBeGreaterThan(100);
    const codes = languages.map((language: { code: string }) => language.code);
    expect(codes.slice(0, 10)).toEqual(["en-US", "en-GB", "es", "fr", "hi", "it", "ja", "pt-BR", "zh", "af"]);
    expect(new Set(codes).size).toBe(codes.length);
    const native = languages.filter((language: { tier: string }) => language.tier === "NATIVE");
    expect(native).toHaveLength(9);
    const kokoro = native.map(({ tiers }: { tiers: { voiceCount: number }[] }) => tiers[0]?.voiceCount ?? 0);
    expect(kokoro.reduce((sum: number, count: number) => sum + count, 0)).toBe(54);
    const german = languages.find((language: { code: string }) => language.code === "de");
    expect(german).toMatchObject({
      name: "German",
      nativeName: "Deutsch",
      engines: ["piper", "kokoro", "espeak"],
    });
    expect(german.tiers).toMatchObject([
      { tier: "VOICE", engine: "piper", installed: german.tier === "VOICE" },
      { tier: "ADAPTED", engine: "kokoro", voiceCount: 54, installed: true },
      { tier: "BASIC", engine: "espeak", voiceCount: 1, installed: true },
    ]);
    const one = await query(
      '{ language(code: "EN-gb") { code } near: language(code: "de-AT") { code } none: language(code: "qaa") { code } } ',
    );
    expect(one.data).toEqual({ language: { code: "en-GB" }, near: { code: "de" }, none: null });
    const basic = (await query("{ languages(tier: BASIC) { code tiers { tier } } }")).data.languages;
    expect(basic.length).toBeGreaterThan(20);
    expect(basic.every(({ code }: { code: string }) => codes.includes(code))).toBe(true);
  });

  it("shows how well each voice speaks its language, its speakers, and whether it is here", async () => {
    const of = async (id: string) =>
      (await query(`{ voice(id: "${id}") { engine tier speakers installed language { code } } }`)).data.voice;
    expect(await of("af_heart")).toEqual({
      ...{ engine: "kokoro", tier: "NATIVE", speakers: [], installed: true },
      language: { code: "en-US" },
    });
    expect(await of("es_ES-sharvard-medium")).toMatchObject({
      ...{ engine: "piper", tier: "VOICE", speakers: ["M", "F"] },
      language: { code: "es" },
    });
    expect(await of("espeak-is")).toMatchObject({ engine: "espeak", tier: "BASIC", installed: true });
  });

  it.each([
    [{ language: "en", engine: "kokoro" }, 28],
    [{ language: "EN-US", engine: "kokoro" }, 20],
    [{ language: "e%" }, 0],
    [{ gender: "MALE", language: "fr" }, 0],
    [{ kind: "CLONED" }, 0],
    [{ text: "heart" }, 1],
    [{ text: "Japanese" }, 5],
    [{ text: "_", engine: "kokoro" }, 54],
    [{ text: "%" }, 0],
    [{ tags: [] }, STOCK_VOICES.length],
    [{ engine: "espeak", language: "de" }, 1],
    [{ engine: "piper", text: "joe" }, 1],
    [{ engine: "none" }, 0],
  ])("filters by %j", async (filter, expected) => {
    const { voices } = await node.client.request(Voices, {
      filter: filter as never,
      first: 1,
      after: null,
    });
    expect(voices.totalCount).toBe(expected);
  });

  it("pages through all voices, each once, forwards and backwards", async () => {
    const seen: string[] = [];
    for (let after: string | null = null; ; ) {
      const page: {
        pageInfo: { hasNextPage: boolean; endCursor?: string | null };
        edges: { node: { id: string } }[];
      } = (await node.client.request(Voices, { filter: {}, first: 47, after })).voices;
      seen.push(...page.edges.map(({ node }) => node.id));
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor ?? null;
    }
    expect(seen).toHaveLength(STOCK_VOICES.length);
    expect(new Set(seen)).toEqual(new Set(STOCK_VOICES.map(({ id }) => id)));
    const { last } = (
      await query("{ last: voices(last: 3) { edges { node { id } } pageInfo { hasPreviousPage } } }")
    ).data;
    expect(last.edges.map((edge: { node: { id: string } }) => edge.node.id)).toEqual(seen.slice(-3));
    expect(last.pageInfo.hasPreviousPage).toBe(true);
  });

  it("answers an empty page with null cursors", async () => {
    const { voices } = (
      await query(
        '{ voices(filter: { text: "nobody" }) { edges { cursor } pageInfo { startCursor endCursor } } }',
      )
    ).data;
    expect(voices).toEqual({ edges: [], pageInfo: { startCursor: null, endCursor: null } });
  });

  it("finds one voice, or null", async () => {
    const { data } = await query(
      '{ voice(id: "bf_emma") { name gender kind status grade language { code } } none: voice(id: "x") { id } }',
    );
    expect(data).toEqual({
      voice: {
        name: "Emma",
        gender: "FEMALE",
        kind: "STOCK",
        status: "READY",
        grade: "B-",
        language: { code: "en-GB" },
      },
      none: null,
    });
  });
});
