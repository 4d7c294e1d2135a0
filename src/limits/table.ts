import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "../db/columns.ts";

/**
 * What each caller has used up of its present window, for all nodes of a fleet. Unlogged (the migration says
 * so): losing it in a crash costs nothing but a window.
 */
export const rateWindows = pgTable(
  "rate_windows",
  {
    id: text().primaryKey(),
    used: integer().notNull(),
    endsAt: instant().notNull(),
  },
  (table) => [
    index("rate_windows_ends_at").on(table.endsAt),
    check("rate_windows_used", sql`${table.used} > 0`),
  ],
);
