import type { Plugin } from "graphql-yoga";
import type { Context } from "../../context.ts";
import { SpeakerError } from "../../errors.ts";
import type { UploadLimits } from "../../uploads/body.ts";
import { isMultipart, readMultipart } from "../../uploads/multipart.ts";
import type { ServerContext } from "../server.ts";

/** GraphQL over HTTP in bodies of every accepted kind, each within its limit. */
export function requestBodies(upload: UploadLimits, maxBodyBytes: number): Plugin<Context, ServerContext> {
  return {
    onRequestParse({ request, requestParser, setRequestParser, serverContext, fetchAPI }) {
      const { req, res } = serverContext;
      if (request.method === "POST" && res !== undefined && isMultipart(req.headers["content-type"])) {
        // Straight from the socket: nothing of a file is held in between.
        setRequestParser(() => readMultipart(req, res, upload) as never);
        return;
      }
      if (request.method !== "POST") return;
      if (requestParser === undefined) {
        throw new SpeakerError(
          "UNSUPPORTED_MEDIA_TYPE",
          "Send GraphQL as application/json, or as multipart/form-data where it carries a file.",
        );
      }
      const tooLarge = () =>
        new SpeakerError("REQUEST_TOO_LARGE", `The body takes up to ${maxBodyBytes} bytes.`);
      const stated = req.headers["content-length"];
      if (Number(stated ?? 0) > maxBodyBytes) throw tooLarge();
      // Node reads no more than a request states, and refuses those that state it in two ways: nothing to be counted.
      if (stated !== undefined) return;
      setRequestParser((original) => requestParser(limited(original, maxBodyBytes, tooLarge, fetchAPI)));
    },
  };
}

type FetchAPI = Parameters<NonNullable<Plugin["onRequestParse"]>>[0]["fetchAPI"];

/** The same request with a body that fails once it holds more. */
function limited(original: Request, maxBytes: number, tooLarge: () => Error, fetchAPI: FetchAPI): Request {
  if (original.body === null) return original;
  let bytes = 0;
  const counter = new fetchAPI.TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) controller.error(tooLarge());
      else controller.enqueue(chunk);
    },
  });
  return new fetchAPI.Request(original.url, {
    method: original.method,
    headers: original.headers,
    signal: original.signal,
    body: original.body.pipeThrough(counter),
    duplex: "half",
  } as RequestInit);
}
