// The package has no types of its own, and those written for it are about Express. Declared is what is used here.
declare module "compression" {
  import type { IncomingMessage, ServerResponse } from "node:http";

  interface CompressionOptions {
    /** Smaller bodies, in bytes, are sent as they are. */
    readonly threshold?: number;
    readonly brotli?: { readonly params?: Readonly<Record<number, number>> };
    /** Asked when the headers of the answer are about to be sent. */
    readonly filter?: (request: IncomingMessage, response: ServerResponse) => boolean;
  }

  export default function compression(
    options?: CompressionOptions,
  ): (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
}
