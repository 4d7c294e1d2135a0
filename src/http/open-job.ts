import type { IncomingHttpHeaders } from "node:http";
import { mayOpenFile } from "../auth/file.ts";
import { NotFoundError } from "../errors.ts";
import { findJob, tenantOfJob } from "../jobs/job.ts";
import type { JobRow } from "../jobs/table.ts";
import type { Resources } from "../resources.ts";

/**
 * The job whose file is asked for: it opens to a key of the job's tenant with `synthesize`, or to the signature of the
 * file's address.
 *
 * @param path of the file, without its query
 * @throws UnauthenticatedError (401), ForbiddenError (403), LINK_EXPIRED (410), NotFoundError (404).
 */
export async function openJob(
  { auth, db }: Pick<Resources, "auth" | "db">,
  jobId: string,
  path: string,
  query: URLSearchParams,
  headers: IncomingHttpHeaders,
): Promise<JobRow> {
  const owner = await tenantOfJob(db, jobId);
  const open = await mayOpenFile(auth, { path, owner, scopes: ["synthesize"], query, headers });
  const job = open && owner !== null ? await findJob(db, owner, jobId) : null;
  if (job === null) throw new NotFoundError("There is no job with this id.");
  return job;
}
