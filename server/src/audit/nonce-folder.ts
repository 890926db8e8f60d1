import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { KEEP_MS, SLOT_MS } from './nonces.ts';

/** The period that one append-only file covers. */
const SEGMENT_MS = SLOT_MS;

/**
 * Keeps nonces on disk, so that they outlive the process. Files:
 *
 * - `<first ms>.nonces`: the nonces of five minutes, as lines of `<expiry ms> <22 characters>\n`. A file is removed when all
 *   its lines have expired. It is not synced while it is written, because a killed process loses nothing by that. A torn
 *   last line belongs to a call that was never answered.
 * - `state`: `<open or closed> <boot id of the machine> <notBeforeMs>\n`.
 * - `lost`: the state file, renamed after a nonce could not be written. A rename needs no disk space.
 *
 * Timestamps before `notBeforeMs` must be refused. It is the boot time if the machine went down while the folder was open,
 * the current time if nonces were lost, and otherwise the value from the previous opening.
 */
export class NonceFolder {
  readonly notBeforeMs: number;
  /** The nonces that have not expired: when they expire, and their 22 characters. */
  readonly found: readonly { endMs: number; key: string }[];
  readonly #folder: string;
  readonly #onFault: (error: unknown) => void;
  #segment: { startMs: number; fd: number } | undefined;
  /** Lines that are not written to the segment yet. */
  #pending = '';
  #lost = false;

  constructor(folder: string, nowMs: number, onFault: (error: unknown) => void) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#folder = folder;
    this.#onFault = onFault;
    this.found = segments(folder).flatMap(({ path }) => readSegment(path, nowMs));
    this.notBeforeMs = notBefore(folder, nowMs);
    this.#writeState('open');
    rmSync(join(folder, 'lost'), { force: true });
  }

  /** Adds a nonce. It is on disk after the next `write`. */
  append(nowMs: number, endMs: number, key: string): void {
    if (!this.#segment || nowMs >= this.#segment.startMs + SEGMENT_MS) {
      this.write();
      this.#orNoteLoss(() => {
        this.#segment = this.#nextSegment(nowMs);
      });
    }
    this.#pending += `${endMs} ${key}\n`;
  }

  /**
   * Writes the added nonces. If that fails (a full disk), the loss is noted for the next opening, `onFault` is called once, and
   * calls continue, so that an operator who looks for the cause can still read. Throws if the loss cannot be noted either.
   */
  write(): void {
    const lines = this.#pending;
    if (lines === '') return;
    this.#pending = '';
    this.#orNoteLoss(() => {
      if (this.#segment === undefined) throw new Error('no file is open for them');
      if (writeSync(this.#segment.fd, lines) < lines.length) throw new Error('they were only partly written');
    });
  }

  /** Writes, syncs and closes, and notes that the folder is complete. */
  close(): void {
    this.write();
    if (this.#segment) fsyncSync(this.#segment.fd);
    this.#closeSegment();
    if (!this.#lost) this.#writeState('closed');
  }

  #orNoteLoss(act: () => void): void {
    try {
      act();
    } catch (cause) {
      this.#noteLoss(new Error('write nonces', { cause }));
    }
  }

  #noteLoss(error: Error): void {
    this.#closeSegment();
    if (this.#lost) return;
    renameSync(join(this.#folder, 'state'), join(this.#folder, 'lost'));
    this.#lost = true;
    this.#onFault(error);
  }

  #nextSegment(nowMs: number): { startMs: number; fd: number } {
    this.#closeSegment();
    for (const { path, startMs } of segments(this.#folder)) {
      // A timestamp may be ahead of the clock by up to `KEEP_MS`, so the last line of a file can expire that much later.
      if (startMs + SEGMENT_MS + 2 * KEEP_MS < nowMs) rmSync(path);
    }
    return { startMs: nowMs, fd: openSync(join(this.#folder, `${nowMs}.nonces`), 'a', 0o600) };
  }

  #closeSegment(): void {
    if (this.#segment) closeSync(this.#segment.fd);
    this.#segment = undefined;
  }

  #writeState(state: 'open' | 'closed'): void {
    const text = `${state} ${bootId()} ${this.notBeforeMs}\n`;
    writeFileSync(join(this.#folder, 'state'), text, { mode: 0o600 });
  }
}

function segments(folder: string): { path: string; startMs: number }[] {
  return readdirSync(folder)
    .filter((name) => /^\d+\.nonces$/.test(name))
    .map((name) => ({ path: join(folder, name), startMs: Number.parseInt(name, 10) }));
}

function readSegment(path: string, nowMs: number): { endMs: number; key: string }[] {
  const found: { endMs: number; key: string }[] = [];
  for (const line of readFileSync(path, 'latin1').split('\n')) {
    const [, endMs, key] = /^(\d+) ([\w-]{22})$/.exec(line) ?? [];
    if (key !== undefined && Number(endMs) >= nowMs) found.push({ endMs: Number(endMs), key });
  }
  return found;
}

function notBefore(folder: string, nowMs: number): number {
  if (existsSync(join(folder, 'lost'))) return nowMs;
  const file = join(folder, 'state');
  if (!existsSync(file)) return 0;
  const [, state, boot, earlierMs] = /^(open|closed) (\S+) (\d+)\n$/.exec(readFileSync(file, 'latin1')) ?? [];
  // An unreadable state was being written when the machine stopped.
  if (state === undefined) return nowMs;
  if (state === 'open' && boot !== bootId()) return nowMs - Math.round(uptime() * 1000);
  return Number(earlierMs);
}

/** An id that changes with each boot of the machine. */
function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
}
