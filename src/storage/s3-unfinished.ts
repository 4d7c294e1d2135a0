import type { S3mini } from "s3mini";

interface Upload {
  readonly Key?: string;
  readonly UploadId?: string;
  readonly Initiated?: string;
}

interface UploadPage {
  readonly Upload?: Upload | Upload[];
  readonly IsTruncated?: string;
  readonly NextKeyMarker?: string;
  readonly NextUploadIdMarker?: string;
}

/**
 * Gives up uploads in parts that were begun before `before`: a process that was killed leaves one, whose parts take
 * space that no listing of objects shows. @returns how many there were.
 */
export async function removeUnfinishedUploads(
  client: S3mini,
  prefix: string,
  before: Date,
  dryRun: boolean,
): Promise<number> {
  let count = 0;
  let marker = {};
  for (;;) {
    const query = { ...(prefix !== "" && { prefix }), ...marker };
    const answer = await client.listMultipartUploads("/", "", "GET", query);
    const page = ((answer as { ListMultipartUploadsResult?: UploadPage }).ListMultipartUploadsResult ??
      answer) as UploadPage;
    for (const { Key, UploadId, Initiated } of [page.Upload ?? []].flat()) {
      if (!Key?.startsWith(prefix) || UploadId === undefined || !(new Date(Initiated ?? "") < before))
        continue;
      if (!dryRun) await client.abortMultipartUpload(Key, UploadId);
      count++;
    }
    if (page.IsTruncated !== "true" || !page.NextKeyMarker) return count;
    marker = { "key-marker": page.NextKeyMarker, "upload-id-marker": page.NextUploadIdMarker ?? "" };
  }
}
