import { type Body, bearer, post } from "./caller.ts";

/** Keys of two tenants with every scope that voices need, for `API_KEYS`. */
export const TENANT_KEYS = {
  red: "red-secret-0123456789",
  blue: "blue-secret-0123456789",
} as const;

export const API_KEYS = Object.entries(TENANT_KEYS)
  .map(([tenant, secret]) => `${tenant}:${secret}:voices:read,voices:write,synthesize:tenant=${tenant}`)
  .join(";");

export type Tenant = keyof typeof TENANT_KEYS;

/** The data of an operation that one tenant sends; fails when there is none. */
export async function ask(url: string, tenant: Tenant, query: string, variables: object = {}): Promise<Body> {
  const { body } = await post(url, query, variables, bearer(TENANT_KEYS[tenant]));
  if (body.data == null) throw new Error(JSON.stringify(body.errors));
  return body.data;
}

const MIX = `mutation ($input: CreateVoiceMixInput!) {
  createVoiceMix(input: $input) {
    __typename
    ... on Voice { id name kind status gender tags language { code } updatedAt parts { voiceId weight voice { name } } }
    ... on Error { code message }
    ... on InvalidInputError { issues { path message } }
  }
}`;

/** Asks for a mix of two stock voices; the fields given replace the defaults. */
export async function mix(url: string, tenant: Tenant, fields: object = {}): Promise<Body> {
  const parts = [
    { voiceId: "af_heart", weight: 2 },
    { voiceId: "af_sky", weight: 1 },
  ];
  const input = { name: "Blend", language: "en-US", parts, ...fields };
  return (await ask(url, tenant, MIX, { input })).createVoiceMix;
}
