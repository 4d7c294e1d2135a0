import { SpeakerClient } from "../client/client.ts";
import type { VoicesQuery } from "../client/gql/graphql.ts";
import { Voices } from "../client/operations.ts";
import { loadConfig } from "../config.ts";
import { STOCK_VOICES } from "../voices/stock.ts";
import { table } from "./table.ts";

const PAGE = 100;

/** `speaker voices`: the stock voices, or all those of a running server. */
export async function listVoices(options: {
  language?: string;
  server?: string;
  apiKey?: string;
}): Promise<void> {
  const rows =
    options.server === undefined
      ? stock(options.language)
      : await remote(
          new SpeakerClient(options.server, { apiKey: options.apiKey ?? loadConfig().client.apiKey }),
          options.language,
        );
  process.stdout.write(table(["VOICE", "NAME", "LANGUAGE", "GENDER", "GRADE", "ENGINE"], rows));
}

function stock(language: string | undefined): string[][] {
  const wanted = language?.toLowerCase();
  return STOCK_VOICES.filter((voice) => {
    const own = voice.language.toLowerCase();
    return wanted === undefined || own === wanted || own.startsWith(`${wanted}-`);
  }).map((voice) => [voice.id, voice.name, voice.language, voice.gender, voice.grade ?? "", voice.engine]);
}

async function remote(client: SpeakerClient, language: string | undefined): Promise<string[][]> {
  const rows: string[][] = [];
  let after: string | null = null;
  do {
    const { voices }: VoicesQuery = await client.request(Voices, {
      filter: { language: language ?? null },
      first: PAGE,
      after,
    });
    rows.push(
      ...voices.edges.map(({ node }) => [
        node.id,
        node.name,
        node.language.code,
        node.gender,
        node.grade ?? "",
        node.engine,
      ]),
    );
    after = voices.pageInfo.hasNextPage ? (voices.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
  return rows;
}
