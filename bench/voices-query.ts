/** What a client that shows a list of voices asks for. */
export const VOICES_QUERY = "{ voices(first: 20) { edges { node { id name language { code } } } } }";
