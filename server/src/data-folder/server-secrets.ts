import type { Database } from '#db/database.ts';
import type { SecretBox } from '#rpc/context.ts';
import { findServerSecret, keepServerSecret, replaceServerSecret } from './server-secret-store.ts';

/**
 * What a server keeps for itself in the database, sealed with the secrets key: each value is made once. Nothing is stored with a key
 * that may not be the one of the database; values last until the server ends then.
 */
export class ServerSecrets {
  readonly #db: Database;
  readonly #box: SecretBox;
  /** Whether values are stored. */
  readonly areKept: boolean;

  constructor(means: { db: Database; secrets: SecretBox; areKept: boolean }) {
    this.#db = means.db;
    this.#box = means.secrets;
    this.areKept = means.areKept;
  }

  /** The value with this name: the stored one, or the one that is made. Of two servers that make one at once, both get the same. */
  async keep(name: string, make: () => Promise<string>): Promise<string> {
    const stored = await findServerSecret(this.#db, name);
    if (stored) return this.#box.open(recordId(name), stored);
    const made = await make();
    if (!this.areKept) return made;
    const kept = await keepServerSecret(this.#db, name, this.#box.seal(recordId(name), made));
    return this.#box.open(recordId(name), kept);
  }

  /** Stores another value with this name. */
  async replace(name: string, value: string): Promise<void> {
    if (this.areKept) await replaceServerSecret(this.#db, name, this.#box.seal(recordId(name), value));
  }
}

/** What a value of `server_secret` is bound to. */
export function recordId(name: string): string {
  return `server_secret/${name}`;
}
