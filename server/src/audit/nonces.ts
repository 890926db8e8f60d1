import { hash } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';

/** A time stamp is accepted up to 15 minutes after its time; the rest is room. */
const keepMs = 16 * 60 * 1000;
const slotMs = 5 * 60 * 1000;

/**
 * The nonces of signed calls, each kept until its time stamp is too old to be accepted anyway.
 *
 * In memory they are a set of 22 characters each. On disk, so that a restart forgets none, they are lines of
 * `<last ms at which it matters> <22 characters>\n` in append files, one for five minutes, named by their first
 * millisecond; a file goes when all its lines are past. They are not synced: a killed process loses nothing, and after
 * a machine that went down uncleanly `notBeforeMs` refuses what could have been used before. `boot` holds the id of the
 * machine's boot while the folder is open.
 */
export class Nonces {
  /** Time stamps before this are refused: nonces from before it may be lost. 0 where none is. */
  readonly notBeforeMs: number;
  readonly #folder: string | undefined;
  readonly #now: () => number;
  readonly #limit: number;
  readonly #known = new Set<string>();
  /** Keys by the five minutes in which they end to matter. */
  readonly #byEnd = new Map<number, string[]>();
  #segment: { startMs: number; fd: number } | undefined;

  /**
   * Opens the memory; with a folder it reads what an earlier process left there. `limit` bounds how many nonces are
   * held (two million by default, some 200 MB).
   */
  static open(options: { folder?: string; now: () => number; limit?: number }): Nonces {
    return new Nonces(options);
  }

  private constructor({ folder, now, limit = 2_000_000 }: { folder?: string; now: () => number; limit?: number }) {
    this.#folder = folder;
    this.#now = now;
    this.#limit = limit;
    this.notBeforeMs = folder === undefined ? 0 : this.#readFolder(folder);
  }

  /**
   * Takes a nonce that a key signed at `timeStampMs`: `new` the first time, `used` afterwards, `full` where no more
   * can be held. Throws when it cannot be written down: then it must not count as new.
   */
  use(accessKeyId: string, nonce: string, timeStampMs: number): 'new' | 'used' | 'full' {
    const nowMs = this.#now();
    this.#forgetPast(nowMs);
    const key = hash('sha256', `${accessKeyId}\n${nonce}`, 'base64url').slice(0, 22);
    if (this.#known.has(key)) return 'used';
    if (this.#known.size >= this.#limit) return 'full';
    const endMs = timeStampMs + keepMs;
    this.#append(nowMs, `${endMs} ${key}\n`);
    this.#remember(key, endMs);
    return 'new';
  }

  /** Syncs and closes, and notes that nothing was lost. */
  close(): void {
    this.#closeSegment();
    if (this.#folder !== undefined) rmSync(join(this.#folder, 'boot'), { force: true });
  }

  #remember(key: string, endMs: number): void {
    this.#known.add(key);
    const slot = Math.floor(endMs / slotMs);
    const keys = this.#byEnd.get(slot);
    if (keys) keys.push(key);
    else this.#byEnd.set(slot, [key]);
  }

  #forgetPast(nowMs: number): void {
    const current = Math.floor(nowMs / slotMs);
    for (const [slot, keys] of this.#byEnd) {
      if (slot >= current) continue;
      for (const key of keys) this.#known.delete(key);
      this.#byEnd.delete(slot);
    }
  }

  #append(nowMs: number, line: string): void {
    if (this.#folder === undefined) return;
    if (!this.#segment || nowMs >= this.#segment.startMs + slotMs) this.#nextSegment(this.#folder, nowMs);
    if (this.#segment) writeSync(this.#segment.fd, line);
  }

  #nextSegment(folder: string, nowMs: number): void {
    this.#closeSegment();
    for (const { path, startMs } of segments(folder)) {
      // A line of a segment ends at the latest one skew and one keeping time after the segment's last moment.
      if (startMs + slotMs + 2 * keepMs < nowMs) rmSync(path);
    }
    this.#segment = { startMs: nowMs, fd: openSync(join(folder, `${nowMs}.nonces`), 'a', 0o600) };
  }

  #closeSegment(): void {
    if (!this.#segment) return;
    fsyncSync(this.#segment.fd);
    closeSync(this.#segment.fd);
    this.#segment = undefined;
  }

  #readFolder(folder: string): number {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const nowMs = this.#now();
    for (const { path } of segments(folder)) {
      for (const line of readFileSync(path, 'latin1').split('\n')) {
        // A torn last line belongs to a call that was never answered.
        const [, endMs, key] = /^(\d+) ([\w-]{22})$/.exec(line) ?? [];
        if (key !== undefined && Number(endMs) >= nowMs) this.#remember(key, Number(endMs));
      }
    }
    return noteBoot(folder, nowMs);
  }
}

function segments(folder: string): { path: string; startMs: number }[] {
  return readdirSync(folder)
    .filter((name) => /^\d+\.nonces$/.test(name))
    .map((name) => ({ path: join(folder, name), startMs: Number.parseInt(name, 10) }));
}

/** Says since when nonces are surely known: since this boot, if the last one ended while the folder was open. */
function noteBoot(folder: string, nowMs: number): number {
  const file = join(folder, 'boot');
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  const last = readOrEmpty(file).trim();
  writeFileSync(file, `${boot}\n`, { mode: 0o600 });
  return last === '' || last === boot ? 0 : nowMs - Math.round(uptime() * 1000);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
