/** A text as `like` and `ilike` take it literally: its own wildcards are none. */
export const literal = (text: string): string => text.replace(/[\\%_]/g, "\\$&");
