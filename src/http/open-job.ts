import { type FileAccess, openFile } from "../auth/file.ts";
import { NotFoundError } from "../errors.ts";
import { findJob, tenantOfJob } from "../jobs/job.ts";
import type { JobRow } from "../jobs/table.ts";
import type { Resources } from "../resources.ts";
import type { FileExchange } from "./files.ts";

/**
 * The job whose file is asked for, and who has opened it: a key of the job's tenant with `synthesize`, or the signature of
 * the file's address.
 *
 * @param path of the file, without its query
 * @throws UnauthenticatedError (401), ForbiddenError (403), LINK_EXPIRED (410), NotFoundError (404).
 */
export async function openJob(
  { auth, db }: Pick<Resources, "auth" | "db">,
  jobId: string,
  path: string,
  { query, caller }: Pick<FileExchange, "query" | "caller">,
): Promise<FileAccess & { readonly job: JobRow }> {
  const owner = await tenantOfJob(db, jobId);
  const access = openFile(auth.secret, { path, owner, scopes: ["synthesize"], query, caller });
  const job = access !== null && owner !== null ? await findJob(db, owner, jobId) : null;
  if (access === null || job === null) throw new NotFoundError("There is no job with this id.");
  return { ...access, job };
}
