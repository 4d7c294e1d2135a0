/** Every table of the program in one place, for Drizzle's client and for the migration generator. */

export { auditChain, auditLog } from "../audit/table.ts";
export { apiKeys, serverSecrets } from "../auth/table.ts";
export { dictionaries, dictionaryVersions } from "../dictionaries/table.ts";
export { workerNodes } from "../health/table.ts";
export { jobs } from "../jobs/table.ts";
export { rateWindows } from "../limits/table.ts";
export { storageSweeps } from "../maintenance/table.ts";
export { audioAssets, cachedUtterances, jobUtterances } from "../synthesis/table.ts";
export { usageDaily } from "../usage/table.ts";
export { deletedVoices, voicePreviews, voiceSamples, voices } from "../voices/table.ts";
