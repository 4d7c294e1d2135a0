import { timestamp, uuid } from "drizzle-orm/pg-core";
import { v7 } from "uuid";

/** Primary key: UUIDv7 made by the program, so that keys sort by time on every PostgreSQL version. */
export const primaryId = () => uuid().primaryKey().$defaultFn(v7);

/** A point in time with its zone, read as `Date`. */
export const instant = () => timestamp({ withTimezone: true, mode: "date" });

export const createdAt = () => instant().notNull().defaultNow();
