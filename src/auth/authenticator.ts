import type { Actor } from "../audit/audit.ts";
import type { Config } from "../config.ts";
import type { Db } from "../db/client.ts";
import type { EventBus } from "../db/events.ts";
import { sha256Of } from "../digest.ts";
import { ConflictError, UnauthenticatedError } from "../errors.ts";
import { type Identity, OPEN, UNKNOWN } from "./identity.ts";
import {
  createApiKey,
  findApiKey,
  hasApiKeys,
  type IssuedKey,
  isManagedKey,
  isValid,
  type NewKey,
  touchApiKey,
  verifyApiKey,
} from "./key.ts";
import { NO_KEY_LIMITS } from "./limits.ts";
import { expandScopes } from "./scopes.ts";
import { openServerSecret, type ServerSecret, sameDigest } from "./secret.ts";
import type { ApiKeyRow } from "./table.ts";

const TOUCH_EVERY_MS = 60_000;

export interface AuthenticatorOptions {
  readonly config: Pick<Config, "auth" | "dataDir" | "database">;
  readonly db: Db;
  readonly bus: EventBus;
}

/** Tells who a caller is by its key. */
export class Authenticator {
  readonly secret: ServerSecret;
  readonly #config: Config["auth"];
  readonly #db: Db;
  readonly #bus: EventBus;
  readonly #touched = new Map<string, number>();
  #managed = false;

  private constructor({ config, db, bus }: AuthenticatorOptions, secret: ServerSecret) {
    this.secret = secret;
    this.#config = config.auth;
    this.#db = db;
    this.#bus = bus;
  }

  static async open(options: AuthenticatorOptions): Promise<Authenticator> {
    const { config, db } = options;
    const secret = await openServerSecret({
      pepper: config.auth.pepper,
      dataDir: config.dataDir,
      db,
      embedded: config.database.kind === "embedded",
    });
    const authenticator = new Authenticator(options, secret);
    await authenticator.refresh();
    void authenticator.#follow();
    return authenticator;
  }

  /** True while callers without a key may do everything: asked for, or no key has ever been made. */
  get isOpen(): boolean {
    const { mode, keys } = this.#config;
    return mode === "open" || (mode === "auto" && keys.length === 0 && !this.#managed);
  }

  /** Looks whether there are managed keys by now: the first one closes open access for good. */
  async refresh(): Promise<void> {
    this.#managed ||= await hasApiKeys(this.#db);
  }

  async #follow(): Promise<void> {
    const made = this.#bus.subscribe("keys");
    while (!this.#managed && (await made.next())) await this.refresh().catch(() => {});
    made.close();
  }

  /**
   * Who sends this key.
   *
   * @param credential null when the request carries none
   * @throws UnauthenticatedError for a key that is unknown, revoked or expired: which of them is not told.
   */
  async authenticate(credential: string | null): Promise<Identity> {
    if (credential === null) return this.isOpen ? OPEN : UNKNOWN;
    const fixed = this.#ofEnvironment(credential);
    if (fixed !== null) return fixed;
    const key = await verifyApiKey({ db: this.#db, secret: this.secret }, credential);
    if (key !== null) {
      await this.#touch(key.id);
      return identityOf(key);
    }
    // Clients made for services that demand a key send one anyway; where nobody needs one it means nothing.
    if (this.isOpen && this.#config.keys.length === 0 && !isManagedKey(credential)) return OPEN;
    throw new UnauthenticatedError(
      "The API key is not valid: it is unknown, revoked or expired. Send another, or ask the operator for one.",
    );
  }

  /** The same caller as of now: an open stream may outlive its key. Null when the key has ended. */
  async renew(identity: Identity): Promise<Identity | null> {
    if (identity === OPEN) return this.isOpen ? OPEN : null;
    if (identity.keyId === null) return identity;
    const key = await findApiKey(this.#db, identity.keyId);
    return key !== null && isValid(key) ? identityOf(key) : null;
  }

  /**
   * Makes a managed key.
   *
   * @throws ConflictError for a first key that would lock everybody out: from it on, keys are needed.
   */
  async create(actor: Actor, input: NewKey): Promise<IssuedKey> {
    if (this.isOpen && this.#config.mode === "auto" && !input.scopes.includes("admin")) {
      throw new ConflictError(
        "The first key closes the service to callers without one, so it must have the scope ADMIN. Create that one first.",
      );
    }
    const issued = await createApiKey({ db: this.#db, secret: this.secret }, actor, input);
    await this.refresh();
    return issued;
  }

  #ofEnvironment(credential: string): Identity | null {
    // Digests have equal lengths, so that the comparison takes constant time.
    const digest = sha256Of(credential);
    // Every key is compared, so that the time does not tell which one came near.
    const [match] = this.#config.keys.filter((key) => sameDigest(key.digest, digest));
    if (match === undefined) return null;
    const { name, tenant, scopes } = match;
    return {
      ...{ name, tenant, keyId: null, limits: NO_KEY_LIMITS, expiresAt: null },
      scopes: expandScopes(scopes),
    };
  }

  async #touch(id: string): Promise<void> {
    const now = Date.now();
    if (now - (this.#touched.get(id) ?? 0) < TOUCH_EVERY_MS) return;
    this.#touched.set(id, now);
    await touchApiKey(this.#db, id);
  }
}

function identityOf({ id, name, tenant, scopes, limits, expiresAt }: ApiKeyRow): Identity {
  return { name, tenant, keyId: id, scopes: expandScopes(scopes), limits, expiresAt };
}
