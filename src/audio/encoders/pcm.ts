import { toPcm16Bytes } from "../pcm16.ts";
import type { StreamEncoder } from "./encoder.ts";

/** Signed 16-bit little-endian mono samples and nothing else. */
export function createPcmEncoder(): StreamEncoder {
  return {
    push: toPcm16Bytes,
    finish: () => ({ bytes: new Uint8Array(0), patches: [] }),
  };
}
