import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { DataFolder } from '#data-folder/data-folder.ts';
import { noteDatabase, refuseOtherDatabase } from '#data-folder/database-note.ts';
import { openDatabaseOrExit } from '#data-folder/open-database.ts';
import { type Database, DatabaseWriter } from '#db/database.ts';
import { databaseProblems } from '#db/database-problems.ts';
import { NewerDataFolder } from '#db/migrate.ts';
import { DatabaseTaken, type SoleServerMeans } from '#db/postgres/database-taken.ts';
import { UnfitDatabase } from '#db/postgres/fit-database.ts';
import type { SoleServer } from '#db/postgres/sole-server.ts';
import { ExitError } from '#process/exit-error.ts';
import type { ReadDatabase } from '#settings/read-database.ts';
import type { OutageLog } from '../server-log/outage-log.ts';

/** Which database a server has, and who the server is. */
export interface DatabaseMeans {
  folder: DataFolder;
  /** Undefined for the one in the data folder. */
  database: ReadDatabase | undefined;
  nodeId: string;
  host: string;
  logger: Logger;
  outages: OutageLog;
  /** Another server has the database now, as the message says. */
  onTaken: (message: string) => void;
}

/** The database of a server. */
export interface OpenedDatabase {
  db: Database;
  /** Acts each time when it is back after it was away, before the server says so. */
  onBack(act: () => Promise<void>): void;
  /** Why the server cannot work with it now, as sentences; none if it can. */
  problems(): Promise<string[]>;
  close(): Promise<void>;
}

/** How long a start waits for a database: PostgreSQL may be starting too. */
const START_PATIENCE_MS = 30_000;
const RETRY_EVERY_MS = 500;

/**
 * Loads what the database needs, while that may still be read. What it returns opens the database as the plain user, and throws
 * `ExitError` 4.
 */
export async function loadDatabase(means: DatabaseMeans): Promise<() => Promise<OpenedDatabase>> {
  const { folder, database } = means;
  refuseOtherDatabase(folder.root, database?.place);
  if (database === undefined) {
    const writer = await DatabaseWriter.start();
    return async () => {
      const db = await openDatabaseOrExit(folder, writer);
      return { db, onBack: () => undefined, problems: async () => [], close: () => db.destroy() };
    };
  }
  const { openPostgres } = await import('#db/postgres/open-postgres.ts');
  const { SoleServer } = await import('#db/postgres/sole-server.ts');
  noteDatabase(folder.root, database.place);
  return async () => {
    try {
      const comeback = new Comeback(means);
      const sole = await takeDatabase(SoleServer, means, { database, comeback });
      const db = await openPostgres(database.url, {}, sole);
      return {
        db,
        onBack: (act) => comeback.add(act),
        problems: async () => (comeback.isBegun && sole.isHeld() ? [GOES_ON] : databaseProblems(db, { now: Date.now })),
        close: () => db.destroy().then(() => sole.close()),
      };
    } catch (error) {
      const isTold = error instanceof UnfitDatabase || error instanceof DatabaseTaken;
      if (error instanceof NewerDataFolder)
        throw new ExitError(
          4,
          `the database ${database.place} was written by a newer version of Slipway (it has the migrations ${error.unknown.join(', ')}); run that version, or choose another database`,
          { cause: error },
        );
      throw isTold ? new ExitError(4, error.message, { cause: error }) : error;
    }
  };
}

const GOES_ON = 'the database is back, and the server goes on in a moment';

/** What a server does when its database is back, and then says so. */
class Comeback {
  readonly #means: Pick<DatabaseMeans, 'logger' | 'outages'>;
  readonly #acts: (() => Promise<void>)[] = [];
  isBegun = false;

  constructor(means: Pick<DatabaseMeans, 'logger' | 'outages'>) {
    this.#means = means;
  }

  add(act: () => Promise<void>): void {
    this.#acts.push(act);
  }

  async run(awayMs: number): Promise<void> {
    const { logger, outages } = this.#means;
    this.isBegun = true;
    try {
      for (const act of this.#acts) await act();
      this.isBegun = false;
      outages.ended(logger, awayMs);
    } catch (error) {
      logger.error({ err: error }, 'the server could not go on with its database; it tries again');
      throw error;
    }
  }
}

async function takeDatabase(
  sole: typeof SoleServer,
  { nodeId, host, logger, outages, onTaken }: DatabaseMeans,
  { database: { url, place }, comeback }: { database: ReadDatabase; comeback: Comeback },
): Promise<SoleServer> {
  const monotonicMs = () => performance.now();
  const means: SoleServerMeans = {
    url,
    nodeId,
    host,
    monotonicMs,
    onAway: (error) => outages.began(logger, error),
    onBack: (awayMs) => comeback.run(awayMs),
    onTaken: ({ message }) => onTaken(message),
  };
  const endMs = monotonicMs() + START_PATIENCE_MS;
  for (let tries = 1; ; tries += 1)
    try {
      return await sole.take(means);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (error instanceof UnfitDatabase || error instanceof DatabaseTaken) throw error;
      const reason = message || code || String(error);
      if (monotonicMs() > endMs)
        throw new ExitError(
          4,
          `the database ${place} cannot be reached (${reason}); start PostgreSQL there, or correct the setting database`,
          { cause: error },
        );
      if (tries === 1)
        logger.warn(
          { reason },
          `the database ${place} cannot be reached; the server tries again for ${START_PATIENCE_MS / 1000} s`,
        );
      await sleep(RETRY_EVERY_MS);
    }
}
