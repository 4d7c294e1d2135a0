import { SpeakerError } from "../errors.ts";

/** Whether only this machine can reach an address to listen on. */
export function isLoopback(host: string): boolean {
  const address = host.toLowerCase().replace(/^\[|\]$/g, "");
  return address === "localhost" || address === "::1" || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/.test(address);
}

/**
 * Nobody exposes an open service by accident.
 *
 * @throws SpeakerError that says how to go on, when others could reach it and nobody needs a key.
 */
export function refuseOpenExposure(host: string, open: boolean, deliberately: boolean): void {
  if (!open || deliberately || isLoopback(host)) return;
  throw new SpeakerError(
    "UNAUTHENTICATED",
    `HOST ${host} can be reached from other machines, and there are no keys: anyone could use this service. Do one of these:\n` +
      "  - make a first key:   speaker keys create --name admin --scopes admin\n" +
      "  - or give one:        API_KEYS=admin:<32 random characters>:admin\n" +
      "  - or stay local:      HOST=127.0.0.1\n" +
      "  - or, behind a proxy that asks who comes:  AUTH=open",
  );
}
