import postgres from "postgres";
import type { Config } from "../config.ts";

/** "sweep" in ASCII: the advisory lock that one node of a fleet holds while it sweeps. */
const SWEEP_LOCK = "495874729328";
/** A server that does not answer now may by the next turn. */
const CONNECT_TIMEOUT_SECONDS = 5;

/**
 * Runs `work` unless another node of the fleet is at it. The lock belongs to a connection of its own and goes with it,
 * also when this process is killed. An embedded database has one node only.
 *
 * @returns whether it was this node's turn.
 */
export async function inTurn(database: Config["database"], work: () => Promise<void>): Promise<boolean> {
  if (database.kind === "embedded") {
    await work();
    return true;
  }
  const client = postgres(database.url, {
    max: 1,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    idle_timeout: 0,
    max_lifetime: null,
    onnotice: () => {},
    connection: { application_name: "speaker-sweep" },
  });
  try {
    const [row] = await client<
      { ours: boolean }[]
    >`select pg_try_advisory_lock(${SWEEP_LOCK}::bigint) as ours`;
    if (row?.ours !== true) return false;
    await work();
    return true;
  } finally {
    await client.end({ timeout: 5 });
  }
}
