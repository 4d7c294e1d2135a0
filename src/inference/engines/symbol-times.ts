/** A sound and the second at which it begins; an empty one is a pause. */
export type TimedSound = readonly [ipa: string, seconds: number];

/** How far ahead a symbol is looked for: what the two notations differ in is short (a stress mark, a tie bar). */
const REACH = 8;

/**
 * Seconds that each of `symbols` takes in an utterance of `totalSeconds`, with what lies before the first and behind the
 * last as the two ends, so that all add up to the whole. Symbols that are heard in `sounds` in the same order have
 * their times; others, such as spaces and marks, share the time between those that have.
 *
 * @param symbols a UTF-16 unit each
 * @param sounds in time order, each of one or more symbols
 * @returns symbols.length + 2 numbers
 */
export function symbolTimes(
  symbols: readonly string[],
  sounds: readonly TimedSound[],
  totalSeconds: number,
): Float32Array {
  const heard = heardSymbols(sounds, totalSeconds);
  const bounds = symbols.map((): { start: number; end: number } | null => null);
  let next = 0;
  for (const [index, symbol] of symbols.entries()) {
    const ahead = heard.slice(next, next + REACH).findIndex((one) => one.symbol === symbol);
    if (ahead < 0) continue;
    bounds[index] = heard[next + ahead] ?? null;
    next += ahead + 1;
  }
  const first = heard[0]?.start ?? 0;
  const last = heard.at(-1)?.end ?? totalSeconds;
  const starts = startsOf(bounds, first, last);
  const edges = rising([0, ...starts, symbols.length === 0 ? first : last], totalSeconds);
  return Float32Array.from(edges, (edge, index) => (edges[index + 1] ?? totalSeconds) - edge);
}

/** The same places, none before the one ahead of it and none behind the end. */
function rising(places: readonly number[], end: number): number[] {
  let latest = 0;
  return places.map((place) => {
    latest = Math.min(Math.max(latest, place), end);
    return latest;
  });
}

interface HeardSymbol {
  readonly symbol: string;
  readonly start: number;
  readonly end: number;
}

/** The symbols of a sound share its time. */
function heardSymbols(sounds: readonly TimedSound[], totalSeconds: number): HeardSymbol[] {
  return sounds.flatMap(([ipa, start], index) => {
    const end = Math.max(start, sounds[index + 1]?.[1] ?? totalSeconds);
    const symbols = ipa.normalize("NFD").split("");
    const share = (end - start) / Math.max(1, symbols.length);
    return symbols.map((symbol, at) => ({
      symbol,
      start: start + share * at,
      end: start + share * (at + 1),
    }));
  });
}

/** Where each symbol begins: those in a row that were not heard divide what lies between their neighbours. */
function startsOf(
  bounds: readonly ({ start: number; end: number } | null)[],
  first: number,
  last: number,
): number[] {
  const starts: number[] = [];
  let from = first;
  for (let index = 0; index < bounds.length; ) {
    const bound = bounds[index];
    if (bound != null) {
      starts.push(bound.start);
      from = bound.end;
      index++;
      continue;
    }
    let stop = index;
    while (stop < bounds.length && bounds[stop] === null) stop++;
    const until = bounds[stop]?.start ?? last;
    const share = Math.max(0, until - from) / (stop - index);
    for (let at = 0; at < stop - index; at++) starts.push(from + share * at);
    index = stop;
  }
  return starts;
}
