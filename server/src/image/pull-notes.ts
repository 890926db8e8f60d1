import type { Database } from '#db/database.ts';
import { type PullNote, writePulls } from './pull-note-store.ts';

/** How often pulls are written: a tag that is pulled all the time costs one write in this interval. */
const WRITE_EVERY_MS = 60_000;
/** How many different images are remembered between two writes; pulls of others are not recorded. */
const NOTES_LIMIT = 50_000;

/** When and how often images were pulled: kept in memory and written in batches, so that a pull costs no write. */
export class PullNotes {
  readonly #db: Database;
  readonly #report: (message: string, error: unknown) => void;
  readonly #timer: NodeJS.Timeout;
  #notes = new Map<string, PullNote>();
  #writing = Promise.resolve();

  constructor(db: Database, report: (message: string, error: unknown) => void) {
    this.#db = db;
    this.#report = report;
    this.#timer = setInterval(() => void this.write(), WRITE_EVERY_MS).unref();
  }

  /** Records a pull. */
  note(pull: PullNote): void {
    const key = `${pull.repoId} ${pull.digest} ${pull.tag ?? ''}`;
    const before = this.#notes.get(key);
    if (before === undefined && this.#notes.size >= NOTES_LIMIT) return;
    this.#notes.set(key, { ...pull, count: pull.count + (before?.count ?? 0) });
  }

  /** Writes what was recorded. A failure is reported, and those records are lost. */
  write(): Promise<void> {
    const notes = [...this.#notes.values()];
    this.#notes = new Map();
    this.#writing = this.#writing
      .then(() => writePulls(this.#db, notes))
      .catch((error: unknown) => this.#report('the record of pulls could not be written', error));
    return this.#writing;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.write();
  }
}
