import { dot } from "../../cloning/linear.ts";
import { EMBEDDING_HOP_SECONDS, EMBEDDING_WINDOW_SECONDS, type TimeSpan } from "../../inference/analysis.ts";

/** Windows of 0.8 s are too short to tell speakers apart; so many neighbours are taken together (1.6 s). */
const WINDOWS_PER_VIEW = 3;
/** A window counts when this share of it is speech. */
const SPEECH_SHARE = 0.6;
/** Views whose mean cosine is below this are of different speakers; chosen by measurement, see docs/cloning.md. */
const SAME_SPEAKER_COSINE = 0.45;
/** Who speaks for less than this, of the whole speech, is taken for a cough or a laugh. */
const LEAST_SECONDS = 1.6;
const LEAST_SHARE = 0.08;

/** One of the voices heard, the one that speaks most first. */
export interface HeardSpeaker {
  readonly seconds: number;
  /** Where it is heard, to the half second or so. */
  readonly spans: readonly TimeSpan[];
}

interface View extends TimeSpan {
  readonly embedding: Float32Array;
}

/**
 * Who speaks where: embeddings of short stretches of speech, clustered from the bottom up (average linkage).
 *
 * @param windows one embedding of unit length for every `EMBEDDING_HOP_SECONDS` of the recording
 * @param speech where someone speaks, in order
 */
export function findSpeakers(
  windows: readonly Float32Array[],
  speech: readonly TimeSpan[],
  sameSpeakerCosine = SAME_SPEAKER_COSINE,
): HeardSpeaker[] {
  const views = viewsOf(windows, speech);
  const clusters = cluster(views, sameSpeakerCosine)
    .map((members) => ({ spans: join(members), seconds: secondsOf(join(members)) }))
    .sort((a, b) => b.seconds - a.seconds);
  const total = clusters.reduce((sum, { seconds }) => sum + seconds, 0);
  return clusters.filter(
    ({ seconds }, index) => index === 0 || seconds >= Math.max(LEAST_SECONDS, LEAST_SHARE * total),
  );
}

function viewsOf(windows: readonly Float32Array[], speech: readonly TimeSpan[]): View[] {
  const spoken = windows.map((_, index) => {
    const startSeconds = index * EMBEDDING_HOP_SECONDS;
    const endSeconds = startSeconds + EMBEDDING_WINDOW_SECONDS;
    return overlap({ startSeconds, endSeconds }, speech) >= SPEECH_SHARE * EMBEDDING_WINDOW_SECONDS;
  });
  const views: View[] = [];
  for (let first = 0; first + WINDOWS_PER_VIEW <= windows.length; ) {
    const range = Array.from({ length: WINDOWS_PER_VIEW }, (_, offset) => first + offset);
    if (!range.every((index) => spoken[index])) {
      first++;
      continue;
    }
    const startSeconds = first * EMBEDDING_HOP_SECONDS;
    const endSeconds =
      startSeconds + (WINDOWS_PER_VIEW - 1) * EMBEDDING_HOP_SECONDS + EMBEDDING_WINDOW_SECONDS;
    views.push({ startSeconds, endSeconds, embedding: meanDirection(range.map((index) => windows[index])) });
    first += WINDOWS_PER_VIEW - 1;
  }
  return views;
}

function overlap({ startSeconds, endSeconds }: TimeSpan, spans: readonly TimeSpan[]): number {
  return spans.reduce(
    (sum, span) =>
      sum + Math.max(0, Math.min(endSeconds, span.endSeconds) - Math.max(startSeconds, span.startSeconds)),
    0,
  );
}

function meanDirection(embeddings: readonly (Float32Array | undefined)[]): Float32Array {
  const [first] = embeddings;
  const sum = new Float32Array(first?.length ?? 0);
  for (const embedding of embeddings) {
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (embedding?.[i] ?? 0);
  }
  const length = Math.hypot(...sum);
  return sum.map((value) => value / (length || 1));
}

interface Cluster {
  readonly members: readonly View[];
  /** Sum of the cosines between its views and those of each cluster, by the cluster's place in the list. */
  readonly cosines: Float64Array;
}

/** Merges the two clusters that are closest on average until none are close enough. */
function cluster(views: readonly View[], sameSpeakerCosine: number): (readonly View[])[] {
  const clusters: (Cluster | null)[] = views.map((view) => ({
    members: [view],
    cosines: Float64Array.from(views, (other) => dot(view.embedding, other.embedding)),
  }));
  for (;;) {
    let closest = { cosine: sameSpeakerCosine, a: -1, b: -1 };
    for (const [a, one] of clusters.entries()) {
      if (one === null) continue;
      for (let b = a + 1; b < clusters.length; b++) {
        const other = clusters[b] ?? null;
        if (other === null) continue;
        const cosine = (one.cosines[b] ?? 0) / (one.members.length * other.members.length);
        if (cosine > closest.cosine) closest = { cosine, a, b };
      }
    }
    if (closest.a < 0) return clusters.flatMap((kept) => (kept === null ? [] : [kept.members]));
    merge(clusters, closest.a, closest.b);
  }
}

/** Puts the cluster at `b` into the one at `a`. */
function merge(clusters: (Cluster | null)[], a: number, b: number): void {
  const [one, other] = [clusters[a] ?? null, clusters[b] ?? null];
  if (one === null || other === null) return;
  const cosines = one.cosines.map((value, index) => value + (other.cosines[index] ?? 0));
  clusters[a] = { members: [...one.members, ...other.members], cosines };
  clusters[b] = null;
  for (const kept of clusters)
    if (kept !== null) kept.cosines[a] = (kept.cosines[a] ?? 0) + (kept.cosines[b] ?? 0);
}

/** Views overlap and touch: what follows on each other becomes one span. */
function join(views: readonly View[]): TimeSpan[] {
  const spans: { startSeconds: number; endSeconds: number }[] = [];
  for (const { startSeconds, endSeconds } of views.toSorted((a, b) => a.startSeconds - b.startSeconds)) {
    const last = spans.at(-1);
    if (last !== undefined && startSeconds <= last.endSeconds + EMBEDDING_HOP_SECONDS / 2) {
      last.endSeconds = Math.max(last.endSeconds, endSeconds);
    } else spans.push({ startSeconds, endSeconds });
  }
  return spans;
}

const secondsOf = (spans: readonly TimeSpan[]) =>
  spans.reduce((sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds, 0);
