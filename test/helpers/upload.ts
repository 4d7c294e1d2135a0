import { readdir } from "node:fs/promises";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import type { Answer } from "./caller.ts";

export const UPLOAD_VOICE = `mutation ($input: UploadVoiceInput!) {
  uploadVoice(input: $input) {
    __typename
    ... on Voice { id kind status name description tags gender language { code } createdAt }
    ... on Error { code message requestId timestamp }
    ... on InvalidInputError { issues { path message } }
    ... on UnsupportedAudioError { reason }
    ... on UploadTooLargeError { limitBytes }
    ... on UploadFailedError { failure }
  }
}`;

/** What a page could not send without being asked: multipart requests need it. */
export const NOT_A_PAGE = { "Apollo-Require-Preflight": "true" };

export const INPUT = { file: null, name: "River", language: "en-GB", consent: { kind: "OWN_VOICE" } };

export const operationsOf = (input: object = INPUT) =>
  JSON.stringify({ query: UPLOAD_VOICE, variables: { input } });

export const MAP = JSON.stringify({ 0: ["variables.input.file"] });

export interface Part {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly fileName?: string;
  readonly type?: string;
}

const BOUNDARY = "----speaker-test-boundary";

/** A body by hand, so that it can be wrong in every way. */
export function multipart(parts: readonly Part[], { end = true } = {}): Buffer {
  const pieces = parts.flatMap(({ name, content, fileName, type }) => {
    const file = fileName === undefined ? "" : `; filename="${fileName}"`;
    const contentType = type === undefined ? "" : `\r\nContent-Type: ${type}`;
    const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${file}${contentType}\r\n\r\n`;
    return [Buffer.from(head), Buffer.from(content), Buffer.from("\r\n")];
  });
  return Buffer.concat([...pieces, Buffer.from(end ? `--${BOUNDARY}--\r\n` : "")]);
}

/** The parts of a request in order. */
export function uploadParts(content: Uint8Array, input: object = INPUT, fileName = "voice"): Part[] {
  return [
    { name: "operations", content: operationsOf(input) },
    { name: "map", content: MAP },
    { name: "0", content, fileName, type: "application/octet-stream" },
  ];
}

export const MULTIPART = { "Content-Type": `multipart/form-data; boundary=${BOUNDARY}` };

/** Sends a body of multipart form data, whole. */
export async function sendBody(
  url: string,
  body: Uint8Array,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: {
      ...MULTIPART,
      ...NOT_A_PAGE,
      Accept: "application/graphql-response+json",
      ...headers,
    },
    body: Buffer.from(body),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Uploads a file and gives the member of the result. */
export async function uploadFile(
  url: string,
  content: Uint8Array,
  input: object = INPUT,
  fileName = "voice",
) {
  const { body } = await sendBody(url, multipart(uploadParts(content, input, fileName)));
  if (body.data?.uploadVoice === undefined) throw new Error(JSON.stringify(body));
  return body.data.uploadVoice;
}

/** A request whose body is written by the test, chunk by chunk. */
export function openRequest(url: string, headers: Record<string, string> = {}) {
  const outgoing: ClientRequest = request(`${url}/graphql`, {
    method: "POST",
    headers: { ...MULTIPART, ...NOT_A_PAGE, Accept: "application/graphql-response+json", ...headers },
  });
  const answer = new Promise<{ status: number; body: Answer["body"] }>((resolve, reject) => {
    outgoing.once("error", reject);
    outgoing.once("response", async (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) });
    });
  });
  // Tests that abort do not look at it.
  answer.catch(() => {});
  return { outgoing, answer };
}

/** Every file of a node's store, temporary ones too, by its path in it. */
export async function storedFiles(dataDir: string): Promise<string[]> {
  const root = join(dataDir, "storage");
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .sort();
}
