/**
 * What `RATE_LIMIT_WEIGHTS` may name beside fields of GraphQL: the routes of files. `stream` is listening to a job that is
 * under way.
 */
const FILE_WEIGHTS = [
  "audio",
  "subtitles",
  "preview",
  "stream",
  "voiceExport",
  "dictionaryExport",
  "auditExport",
] as const;

export type FileWeight = (typeof FILE_WEIGHTS)[number];

/** Whether a weight is that of a route, not of a field. */
export const isFileWeight = (name: string): name is FileWeight =>
  (FILE_WEIGHTS as readonly string[]).includes(name);
