/** Asks for speech, and for all that the tests of the API look at in the answer. */
export const SPEAK = `mutation ($input: SynthesizeInput!) {
  synthesize(input: $input) {
    __typename
    ... on SynthesisJob { id status text characters speed format language { code } voice { id } }
    ... on Error { code message requestId timestamp }
    ... on InvalidInputError { issues { path message } }
  }
}`;
