import type { Logbook } from '@slipway/logbook';
import type { Database } from '#db/database.ts';
import type { BuildRecord } from '../build.ts';
import { findBuildRecord } from '../build-store.ts';
import {
  type ListedLog,
  type LogLimits,
  listLogsPastLimits,
  listLogsToRemove,
  listUnmeasuredLogs,
  markLogExpired,
  updateLogBytes,
} from './expired-log-store.ts';
import { verdictOfUnsealed } from './log-verdict.ts';

/** What retention needs. */
export interface RetentionMeans {
  db: Database;
  logbook: Logbook;
  limits: LogLimits;
  now: () => number;
  /** The failure card of a build, which outlives the log. */
  cardOf: (record: BuildRecord) => Promise<object>;
  report: (message: string, error: unknown) => void;
}

/** A build seals its log right after its record is final. After this long, nothing else will seal it. */
const SEALED_WITHIN_MS = 60_000;

/**
 * Removes logs that exceed the limits. First the record is marked as expired, durably and with what remains of the log; then the
 * files are removed. The result is the same if this is interrupted at any point, or if several run at once.
 */
export class LogRetention {
  readonly #means: RetentionMeans;

  constructor(means: RetentionMeans) {
    this.#means = means;
  }

  /** Sweeps once. A log that cannot be read or removed is reported and stays, and does not block the others. */
  async sweep(signal?: AbortSignal): Promise<void> {
    const { db, limits, now } = this.#means;
    await this.#each(await listLogsToRemove(db), (id) => this.#remove(id), signal);
    await this.#pages(
      (after) => listUnmeasuredLogs(db, after),
      (id) => this.#measure(id),
      signal,
    );
    if (Object.values(limits).every((limit) => limit === undefined)) return;
    await this.#pages(
      (after) => listLogsPastLimits(db, limits, now(), after),
      (id) => this.#expire(id),
      signal,
    );
  }

  async #pages(
    list: (afterSequence: number) => Promise<ListedLog[]>,
    act: (id: string) => Promise<void>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    for (let after = 0; signal?.aborted !== true; ) {
      const page = await list(after);
      const last = page.at(-1);
      if (last === undefined) return;
      await this.#each(page, act, signal);
      after = last.sequence;
    }
  }

  async #each(
    logs: readonly ListedLog[],
    act: (id: string) => Promise<void>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    for (const { buildRecordId } of logs) {
      if (signal?.aborted === true) return;
      await act(buildRecordId).catch((error: unknown) =>
        this.#means.report(`the log of build ${buildRecordId} could not be swept`, error),
      );
    }
  }

  /** Records the size of a sealed log. Seals it now if its build could not, for example because the disk was full. */
  async #measure(id: string): Promise<void> {
    const { db, logbook, now } = this.#means;
    if ((await logbook.reach(id))?.sealed === false) {
      const record = await findBuildRecord(db, id);
      if ((record?.endedMs ?? 0) > now() - SEALED_WITHIN_MS) return;
      await logbook.repair(id, verdictOfUnsealed(record));
    }
    await updateLogBytes(db, id, (await logbook.reach(id))?.seal?.archiveBytes ?? 0);
  }

  async #expire(id: string): Promise<void> {
    const { db, logbook, cardOf, now } = this.#means;
    const record = await findBuildRecord(db, id);
    const seal = (await logbook.reach(id))?.seal;
    if (!record || !seal) return;
    await markLogExpired(db, id, now(), { seal, card: await cardOf(record) });
    await this.#remove(id);
  }

  async #remove(id: string): Promise<void> {
    await this.#means.logbook.remove(id);
    await updateLogBytes(this.#means.db, id, 0);
  }
}
