import type { Logbook } from '@slipway/logbook';
import type { Kysely } from 'kysely';
import type { Tables } from '#db/schema.ts';
import type { Principal } from '#ram/principal.ts';

/** What every operation of this server may use; made once by `main.ts`. */
export interface Means {
  readonly db: Kysely<Tables>;
  readonly logbook: Logbook;
  readonly accountId: string;
  readonly regionId: string;
  /** Milliseconds since 1970. */
  now(): number;
  /** A new id of the vendor's shape, `prefix-` and 16 random lower-case letters and digits; see `new-id.ts`. */
  newId(prefix: string): string;
  /** A new UUID in lower case. */
  newBuildRecordId(): string;
  /** Encrypts what is kept secret at rest. */
  readonly secrets: SecretBox;
  /** `host` or `host:port` under which clients reach the registry. */
  readonly publicHost: string;
  /** How many of each an instance may have. */
  readonly quotas: Quotas;
  /** Whether a namespace is deleted with its repositories, as the vendor does it. */
  readonly deleteNamespaceContents: boolean;
  /** Wakes the runner after a build was queued. */
  buildQueued(): void;
}

/** How many of each an instance may have; one that has more already keeps them. */
export interface Quotas {
  readonly namespaces: number;
  readonly repositories: number;
}

/**
 * Encrypts secrets under the server's key. A sealed text opens only under the id of the record it was sealed for, so
 * that nobody who can write the database can put one secret in another's place. `open` throws on anything else.
 */
export interface SecretBox {
  seal(recordId: string, secret: string): string;
  open(recordId: string, sealed: string): string;
  /**
   * The HMAC-SHA-256 of a text as 64 hex digits, under a key of its own for each purpose: whoever is shown a text with its MAC can
   * change neither, nor use it for another purpose.
   */
  mac(purpose: string, text: string): string;
  /** Whether this is the MAC of a text, in a time that does not tell how much of it is right. */
  isMac(purpose: string, text: string, mac: string): boolean;
}

/** The means, and who calls in which request. */
export interface Context extends Means {
  /** Upper-case UUID, also in the reply and in the server log. */
  readonly requestId: string;
  readonly principal: Principal;
}
