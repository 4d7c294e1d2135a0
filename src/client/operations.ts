import { graphql } from "./gql/gql.ts";

/** What a caller needs to know of a job; the operations below share it by name. */
graphql(`
  fragment JobState on SynthesisJob {
    id
    status
    stage
    progress
    attempts
    utterancesDone
    utterancesTotal
    streamUrl
    error { code message }
    audio { url format contentType durationSeconds sampleRate bytes sha256 expired }
  }
`);

export const Synthesize = graphql(`
  mutation Synthesize($input: SynthesizeInput!) {
    synthesize(input: $input) {
      __typename
      ... on SynthesisJob { ...JobState }
      ... on Error { code message requestId timestamp }
      ... on InvalidInputError { issues { path message } }
      ... on QueueFullError { limit retryAfterSeconds }
    }
  }
`);

export const CancelJob = graphql(`
  mutation CancelJob($id: ID!) {
    cancelJob(id: $id) {
      __typename
      ... on SynthesisJob { ...JobState }
      ... on Error { code message }
    }
  }
`);

export const RetryJob = graphql(`
  mutation RetryJob($id: ID!) {
    retryJob(id: $id) {
      __typename
      ... on SynthesisJob { ...JobState }
      ... on Error { code message }
    }
  }
`);

export const JobProgress = graphql(`
  subscription JobProgress($id: ID!) {
    jobProgress(id: $id) {
      __typename
      id
      status
      stage
      progress
      error { code message }
      ... on SynthesisJob { ...JobState }
    }
  }
`);

export const ExportVoice = graphql(`
  mutation ExportVoice($id: ID!, $includeSample: Boolean!) {
    exportVoice(id: $id, includeSample: $includeSample) {
      __typename
      ... on VoiceExport { url bytes sha256 withSample }
      ... on Error { code message }
    }
  }
`);

export const ImportVoice = graphql(`
  mutation ImportVoice($input: ImportVoiceInput!) {
    importVoice(input: $input) {
      __typename
      ... on Voice { id name kind status }
      ... on Error { code message }
    }
  }
`);

export const Voices = graphql(`
  query Voices($filter: VoiceFilter, $first: Int, $after: String) {
    voices(filter: $filter, first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { id name kind gender grade engine installed language { code name } } }
    }
  }
`);

export const UploadVoice = graphql(`
  mutation UploadVoice($input: UploadVoiceInput!) {
    uploadVoice(input: $input) {
      __typename
      ... on Voice { id status enrolment { id } }
      ... on Error { code message requestId timestamp }
      ... on InvalidInputError { issues { path message } }
      ... on UnsupportedAudioError { reason }
      ... on UploadFailedError { failure }
    }
  }
`);

export const Dictionaries = graphql(`
  query Dictionaries($first: Int, $after: String) {
    dictionaries(first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      edges { node { id name version entryCount languages } }
    }
  }
`);

export const DictionaryExport = graphql(`
  query DictionaryExport($id: ID!, $format: DictionaryFormat!, $language: String) {
    dictionary(id: $id) { exportUrl(format: $format, language: $language) }
  }
`);

export const CreateDictionary = graphql(`
  mutation CreateDictionary($input: CreateDictionaryInput!) {
    createDictionary(input: $input) {
      __typename
      ... on Dictionary { id version entryCount }
      ... on Error { code message }
    }
  }
`);

export const ImportDictionary = graphql(`
  mutation ImportDictionary($input: ImportDictionaryInput!) {
    importDictionary(input: $input) {
      __typename
      ... on DictionaryImport { added changed removed doubles dictionary { id version entryCount } }
      ... on Error { code message }
    }
  }
`);
