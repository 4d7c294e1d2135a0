import type { SpeakerClient } from "../../src/client/client.ts";
import type { JobStateFragment } from "../../src/client/gql/graphql.ts";
import { JobProgress } from "../../src/client/operations.ts";

/** Every state of a job that its subscription shows, the last being final. */
export async function statesOf(client: SpeakerClient, id: string): Promise<JobStateFragment[]> {
  const states: JobStateFragment[] = [];
  for await (const { jobProgress } of client.subscribe(JobProgress, { id })) {
    // Jobs of other kinds have the fields that all share.
    states.push(jobProgress as JobStateFragment);
  }
  return states;
}

/** The final state of a job, waited for by its subscription. */
export async function finished(client: SpeakerClient, id: string): Promise<JobStateFragment> {
  const last = (await statesOf(client, id)).at(-1);
  if (last === undefined) throw new Error("the subscription gave nothing");
  return last;
}
