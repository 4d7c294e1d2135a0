/** A page of a list: `limit` rows behind `after` or before `before`, read from the end when `inverted`. */
export interface ListPage<Cursor = string> {
  readonly limit: number;
  readonly after?: Cursor | undefined;
  readonly before?: Cursor | undefined;
  readonly inverted: boolean;
}
