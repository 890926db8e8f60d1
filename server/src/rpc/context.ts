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
  /** Wakes the runner after a build was queued. */
  buildQueued(): void;
}

/** The means, and who calls in which request. */
export interface Context extends Means {
  /** Upper-case UUID, also in the reply and in the server log. */
  readonly requestId: string;
  readonly principal: Principal;
}
