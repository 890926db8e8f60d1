import { statfsSync, statSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isDiskFull } from '#db/sqlite/disk-full.ts';

const RESERVE_BYTES = 4 * 1024 * 1024;
const PIECE = Buffer.alloc(1024 * 1024);
/**
 * The reserve is taken again when this many times its size is free, so that writes meanwhile do not fill the disk
 * again.
 */
const ROOM_TIMES = 4;
const LOOK_AGAIN_MS = 10_000;

/** Where the reserve is, and who is notified about it. */
export interface DiskReserveMeans {
  /** On the disk of database and logs. */
  file: string;
  monotonicMs: () => number;
  report: (message: string, error: unknown) => void;
}

/**
 * A small file that only takes space, for when the disk is full: it is deleted for writes that must not fail then (the
 * final status of a build and the seal of its log), and created again when there is space.
 */
export class DiskReserve {
  readonly #options: DiskReserveMeans;
  #isHeld: boolean;
  #taking: Promise<void> | undefined;
  #lookedMs = Number.NEGATIVE_INFINITY;

  private constructor(options: DiskReserveMeans) {
    this.#options = options;
    // A shorter file is left from a crash while taking the reserve.
    this.#isHeld = statSync(options.file, { throwIfNoEntry: false })?.size === RESERVE_BYTES;
  }

  /** Takes the reserve. On a disk that is already full it is released, so that builds left running can be ended. */
  static async open(options: DiskReserveMeans): Promise<DiskReserve> {
    const reserve = new DiskReserve(options);
    if (reserve.#freeBytes() < RESERVE_BYTES) await reserve.#give();
    else await reserve.restore();
    return reserve;
  }

  /** Whether there is space for writes that must not fail. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Runs an action that must not fail for lack of space: if it does, releases the reserve and runs it again. */
  async write<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (!isDiskFull(error) || !(await this.#give())) throw error;
      return act();
    }
  }

  /** Takes the reserve again if it was released and there is space; costs nothing otherwise. */
  restore(): Promise<void> {
    const nowMs = this.#options.monotonicMs();
    if (this.#isHeld || nowMs < this.#lookedMs + LOOK_AGAIN_MS) return Promise.resolve();
    this.#lookedMs = nowMs;
    if (this.#freeBytes() < ROOM_TIMES * RESERVE_BYTES) return Promise.resolve();
    this.#taking ??= this.#take().finally(() => {
      this.#taking = undefined;
    });
    return this.#taking;
  }

  async #take(): Promise<void> {
    const { file, report } = this.#options;
    try {
      await rm(file, { force: true });
      // Written and synced, not only extended: a hole takes no space.
      await using handle = await open(file, 'wx', 0o600);
      for (let bytes = 0; bytes < RESERVE_BYTES; bytes += PIECE.length) await handle.write(PIECE);
      await handle.sync();
      this.#isHeld = true;
    } catch (error) {
      await rm(file, { force: true });
      report('no space could be reserved for a full disk', error);
    }
  }

  /** False if there was no reserve. */
  async #give(): Promise<boolean> {
    await this.#taking;
    if (!this.#isHeld) return false;
    this.#isHeld = false;
    const { file, report } = this.#options;
    await rm(file, { force: true });
    report(`the disk is full: ${RESERVE_BYTES} bytes reserved for this case were released`, undefined);
    return true;
  }

  #freeBytes(): number {
    const { bavail, bsize } = statfsSync(dirname(this.#options.file));
    return bavail * bsize;
  }
}
