/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  fragment JobState on SynthesisJob {\n    id\n    status\n    stage\n    progress\n    attempts\n    utterancesDone\n    utterancesTotal\n    streamUrl\n    error { code message }\n    audio { url format contentType durationSeconds sampleRate bytes sha256 expired }\n  }\n": typeof types.JobStateFragmentDoc,
    "\n  mutation Synthesize($input: SynthesizeInput!) {\n    synthesize(input: $input) {\n      __typename\n      ... on SynthesisJob { ...JobState }\n      ... on Error { code message requestId timestamp }\n      ... on InvalidInputError { issues { path message } }\n      ... on QueueFullError { limit retryAfterSeconds }\n    }\n  }\n": typeof types.SynthesizeDocument,
    "\n  mutation CancelJob($id: ID!) {\n    cancelJob(id: $id) {\n      __typename\n      ... on SynthesisJob { ...JobState }\n      ... on Error { code message }\n    }\n  }\n": typeof types.CancelJobDocument,
    "\n  mutation RetryJob($id: ID!) {\n    retryJob(id: $id) {\n      __typename\n      ... on SynthesisJob { ...JobState }\n      ... on Error { code message }\n    }\n  }\n": typeof types.RetryJobDocument,
    "\n  subscription JobProgress($id: ID!) {\n    jobProgress(id: $id) {\n      __typename\n      id\n      status\n      stage\n      progress\n      error { code message }\n      ... on SynthesisJob { ...JobState }\n    }\n  }\n": typeof types.JobProgressDocument,
    "\n  mutation ExportVoice($id: ID!, $includeSample: Boolean!) {\n    exportVoice(id: $id, includeSample: $includeSample) {\n      __typename\n      ... on VoiceExport { url bytes sha256 withSample }\n      ... on Error { code message }\n    }\n  }\n": typeof types.ExportVoiceDocument,
    "\n  mutation ImportVoice($input: ImportVoiceInput!) {\n    importVoice(input: $input) {\n      __typename\n      ... on Voice { id name kind status }\n      ... on Error { code message }\n    }\n  }\n": typeof types.ImportVoiceDocument,
    "\n  query Voices($filter: VoiceFilter, $first: Int, $after: String) {\n    voices(filter: $filter, first: $first, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      edges { node { id name kind gender grade engine installed language { code name } } }\n    }\n  }\n": typeof types.VoicesDocument,
    "\n  mutation UploadVoice($input: UploadVoiceInput!) {\n    uploadVoice(input: $input) {\n      __typename\n      ... on Voice { id status enrolment { id } }\n      ... on Error { code message requestId timestamp }\n      ... on InvalidInputError { issues { path message } }\n      ... on UnsupportedAudioError { reason }\n      ... on UploadFailedError { failure }\n    }\n  }\n": typeof types.UploadVoiceDocument,
    "\n  query Dictionaries($first: Int, $after: String) {\n    dictionaries(first: $first, after: $after) {\n      pageInfo { hasNextPage endCursor }\n      edges { node { id name version entryCount languages } }\n    }\n  }\n": typeof types.DictionariesDocument,
    "\n  query DictionaryExport($id: ID!, $format: DictionaryFormat!, $language: String) {\n    dictionary(id: $id) { exportUrl(format: $format, language: $language) }\n  }\n": typeof types.DictionaryExportDocument,
    "\n  mutation CreateDictionary($input: CreateDictionaryInput!) {\n    createDictionary(input: $input) {\n      __typename\n      ... on Dictionary { id version entryCount }\n      ... on Error { code message }\n    }\n  }\n": typeof types.CreateDictionaryDocument,
    "\n  mutation ImportDictionary($input: ImportDictionaryInput!) {\n    importDictionary(input: $input) {\n      __typename\n      ... on DictionaryImport { added changed removed doubles dictionary { id version entryCount } }\n      ... on Error { code message }\n    }\n  }\n": typeof types.ImportDictionaryDocument,
};
const documents: Documents = {
    "\n  fragment JobState on SynthesisJob {\n    id\n    status\n    stage\n    progress\n    attempts\n    utterancesDone\n    utterancesTotal\n    streamUrl\n    error { code message }\n    audio { url format contentType durationSeconds sampleRate bytes sha256 expired }\n  }\n": types.JobStateFragmentDoc,
    "\n  mutation Synthesize($input: SynthesizeInput!) {\n    synthesize(input: $input) {\n      __typename\n      ... on SynthesisJob { ...JobState }\n      ... on Error { code message requestId timestamp }\n      ... on InvalidInputError { issues { path message } }\n      ... on QueueFullError { limit retryAfterSeconds }\n    }\n  }\n": types.SynthesizeDocument,
    "\n  mutation CancelJob($id: ID!) {\n    cancelJob(id: $id) {\n      __typename\n      ... on SynthesisJob { ...JobState }\n      ... on Error { code message }\n    }\n  }\n": types.CancelJobDocument,
    "\n  mutation RetryJob($id: ID!) {\n    retryJob(id: $id) {\n      __typename\n      ... on SynthesisJob { ...JobState }\n      ... on Error { code message }\n    }\n  }\n": types.RetryJobDocument,
    "\n  subscription JobProgress($id: ID!) {\n    jobProgress(id: $id) {\n      __typename\n      id\n      status\n      stage\n      progress\n      error { code message }\n      ... on SynthesisJob { ...JobState }\n    }\n  }\n": types.JobProgressDocument,
    "\n  mutation ExportVoice($id: ID!, $includeSample: Boolean!) {\n    exportVoice(id: $id, includeSample: $includeSample) {\n      __typename\n      ... on VoiceExport { url bytes sha256 withSample }\n      ... on Error { code message }\n    }\n  }\n": types.ExportVoiceDocument,
    "\n  mutation ImportVoice($input: ImportVoiceInput!) {\n    importVoice(input: $input) {\n      __typename\n      ... on Voice { id name kind status }\n      ... on Error { code message }\n    }\n  }\n": types.ImportVoiceDocument,
    "\n  query Voices($filter: VoiceFilter, $first: Int, $after: String) {\n    voices(filter: $filter, first: $first, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      edges { node { id name kind gender grade engine installed language { code name } } }\n    }\n  }\n": types.VoicesDocument,
    "\n  mutation UploadVoice($input: UploadVoiceInput!) {\n    uploadVoice(input: $input) {\n      __typename\n      ... on Voice { id status enrolment { id } }\n      ... on Error { code message requestId timestamp }\n      ... on InvalidInputError { issues { path message } }\n      ... on UnsupportedAudioError { reason }\n      ... on UploadFailedError { failure }\n    }\n  }\n": types.UploadVoiceDocument,
    "\n  query Dictionaries($first: Int, $after: String) {\n    dictionaries(first: $first, after: $after) {\n      pageInfo { hasNextPage endCursor }\n      edges { node { id name version entryCount languages } }\n    }\n  }\n": types.DictionariesDocument,
    "\n  query DictionaryExport($id: ID!, $format: DictionaryFormat!, $language: String) {\n    dictionary(id: $id) { exportUrl(format: $format, language: $language) }\n  }\n": types.DictionaryExportDocument,
    "\n  mutation CreateDictionary($input: CreateDictionaryInput!) {\n    createDictionary(input: $input) {\n      __typename\n      ... on Dictionary { id version entryCount }\n      ... on Error { code message }\n    }\n  }\n": types.CreateDictionaryDocument,
    "\n  mutation ImportDictionary($input: ImportDictionaryInput!) {\n    importDictionary(input: $input) {\n      __typename\n      ... on DictionaryImport { added changed removed doubles dictionary { id version entryCount } }\n      ... on Error { code message }\n    }\n  }\n": types.ImportDictionaryDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment JobState on SynthesisJob {\n    id\n    status\n    stage\n    progress\n    attempts\n    utterancesDone\n    utterancesTotal\n    streamUrl\n    error { code message }\n    audio { url format contentType durationSeconds sampleRate bytes sha256 expired }\n  }\n"): typeof import('./graphql.ts').JobStateFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Synthesize($input: SynthesizeInput!) {\n    synthesize(input: $input) {\n      __typename\n      ... on SynthesisJob { ...JobState }\n      ... on Error { code message requestId timestamp }\n      ... on InvalidInputError { issues { path message } }\n      ... on QueueFullError { limit retryAfterSeconds }\n    }\n  }\n"): typeof import('./graphql.ts').SynthesizeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelJob($id: ID!) {\n    cancelJob(id: $id) {\n      __typename\n      ... on SynthesisJob { ...JobState }\n      ... on Error { code message }\n    }\n  }\n"): typeof import('./graphql.ts').CancelJobDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RetryJob($id: ID!) {\n    retryJob(id: $id) {\n      __typename\n      ... on SynthesisJob { ...JobState }\n      ... on Error { code message }\n    }\n  }\n"): typeof import('./graphql.ts').RetryJobDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription JobProgress($id: ID!) {\n    jobProgress(id: $id) {\n      __typename\n      id\n      status\n      stage\n      progress\n      error { code message }\n      ... on SynthesisJob { ...JobState }\n    }\n  }\n"): typeof import('./graphql.ts').JobProgressDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ExportVoice($id: ID!, $includeSample: Boolean!) {\n    exportVoice(id: $id, includeSample: $includeSample) {\n      __typename\n      ... on VoiceExport { url bytes sha256 withSample }\n      ... on Error { code message }\n    }\n  }\n"): typeof import('./graphql.ts').ExportVoiceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ImportVoice($input: ImportVoiceInput!) {\n    importVoice(input: $input) {\n      __typename\n      ... on Voice { id name kind status }\n      ... on Error { code message }\n    }\n  }\n"): typeof import('./graphql.ts').ImportVoiceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Voices($filter: VoiceFilter, $first: Int, $after: String) {\n    voices(filter: $filter, first: $first, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      edges { node { id name kind gender grade engine installed language { code name } } }\n    }\n  }\n"): typeof import('./graphql.ts').VoicesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UploadVoice($input: UploadVoiceInput!) {\n    uploadVoice(input: $input) {\n      __typename\n      ... on Voice { id status enrolment { id } }\n      ... on Error { code message requestId timestamp }\n      ... on InvalidInputError { issues { path message } }\n      ... on UnsupportedAudioError { reason }\n      ... on UploadFailedError { failure }\n    }\n  }\n"): typeof import('./graphql.ts').UploadVoiceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Dictionaries($first: Int, $after: String) {\n    dictionaries(first: $first, after: $after) {\n      pageInfo { hasNextPage endCursor }\n      edges { node { id name version entryCount languages } }\n    }\n  }\n"): typeof import('./graphql.ts').DictionariesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DictionaryExport($id: ID!, $format: DictionaryFormat!, $language: String) {\n    dictionary(id: $id) { exportUrl(format: $format, language: $language) }\n  }\n"): typeof import('./graphql.ts').DictionaryExportDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateDictionary($input: CreateDictionaryInput!) {\n    createDictionary(input: $input) {\n      __typename\n      ... on Dictionary { id version entryCount }\n      ... on Error { code message }\n    }\n  }\n"): typeof import('./graphql.ts').CreateDictionaryDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ImportDictionary($input: ImportDictionaryInput!) {\n    importDictionary(input: $input) {\n      __typename\n      ... on DictionaryImport { added changed removed doubles dictionary { id version entryCount } }\n      ... on Error { code message }\n    }\n  }\n"): typeof import('./graphql.ts').ImportDictionaryDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
