/** Follows what the caches answer, for metrics. */
export interface CacheObserver {
  /** A look into a cache; `bytes` are those that need not be made again, 0 for a miss. */
  looked(cache: "request" | "utterance", hit: boolean, bytes: number): void;
  /** What the cache of utterances holds, as the last eviction has counted it. */
  holds(utterances: number, bytes: number): void;
}
