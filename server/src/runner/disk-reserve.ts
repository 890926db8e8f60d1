import { statfsSync, statSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isDiskFull } from '#db/disk-full.ts';

const RESERVE_BYTES = 4 * 1024 * 1024;
const PIECE = Buffer.alloc(1024 * 1024);
/** The reserve is taken again when so many times as much is free: what is written meanwhile must not find the disk full again. */
const ROOM_TIMES = 4;
const LOOK_AGAIN_MS = 10_000;

/** Where the reserve is, and who hears of what became of it. */
export interface DiskReserveOptions {
  /** On the disk of database and logs. */
  file: string;
  monotonicMs: () => number;
  report: (message: string, error: unknown) => void;
}

/**
 * A small file that does nothing but take space, for the moment when the disk is full: it is given up for what must not fail
 * then, the final status of a build and the seal of its log, and taken again when there is room.
 */
export class DiskReserve {
  readonly #options: DiskReserveOptions;
  #isHeld: boolean;
  #taking: Promise<void> | undefined;
  #lookedMs = Number.NEGATIVE_INFINITY;

  private constructor(options: DiskReserveOptions) {
    this.#options = options;
    // A shorter one is what a crash left of taking it.
    this.#isHeld = statSync(options.file, { throwIfNoEntry: false })?.size === RESERVE_BYTES;
  }

  /** Takes the reserve. On a disk that is full already it is given up, so that what was left running can be ended. */
  static async open(options: DiskReserveOptions): Promise<DiskReserve> {
    const reserve = new DiskReserve(options);
    if (reserve.#freeBytes() < RESERVE_BYTES) await reserve.#give();
    else await reserve.restore();
    return reserve;
  }

  /** Whether the space is there for what must not fail. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Does an act that must not fail for want of space: when it does, the reserve is given up and the act done again. */
  async write<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (!isDiskFull(error) || !(await this.#give())) throw error;
      return act();
    }
  }

  /** Takes the reserve again where it was given up and there is room; costs nothing otherwise. */
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
      // Written and synced, not only made longer: a hole takes no space.
      await using handle = await open(file, 'wx', 0o600);
      for (let bytes = 0; bytes < RESERVE_BYTES; bytes += PIECE.length) await handle.write(PIECE);
      await handle.sync();
      this.#isHeld = true;
    } catch (error) {
      await rm(file, { force: true });
      report('no space could be kept for a full disk', error);
    }
  }

  /** False where there was none to give. */
  async #give(): Promise<boolean> {
    await this.#taking;
    if (!this.#isHeld) return false;
    this.#isHeld = false;
    const { file, report } = this.#options;
    await rm(file, { force: true });
    report(`the disk is full: ${RESERVE_BYTES} bytes that were kept for this moment are given up`, undefined);
    return true;
  }

  #freeBytes(): number {
    const { bavail, bsize } = statfsSync(dirname(this.#options.file));
    return bavail * bsize;
  }
}
