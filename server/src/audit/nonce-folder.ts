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

/** How long after its time stamp a nonce matters: 15 minutes, and some room. */
export const keepMs = 16 * 60 * 1000;

/** One append file takes the nonces of this long. */
export const segmentMs = 5 * 60 * 1000;

/**
 * Where nonces outlive the process. Files:
 *
 * - `<first ms>.nonces`: lines of `<last ms at which it matters> <22 characters>\n`, for five minutes; a file goes when
 *   all its lines are past. Not synced while it is written: a killed process loses nothing by it. A torn last line
 *   belongs to a call that was never answered.
 * - `state`: `<open or closed> <boot id of the machine> <notBeforeMs>\n`.
 * - `lost`: the state, renamed, once a nonce could not be written; a rename needs no space.
 *
 * Who opens the folder refuses time stamps before `notBeforeMs`: before the boot when the machine went down while the
 * folder was open, before now when nonces were lost, and what an earlier opening found.
 */
export class NonceFolder {
  readonly notBeforeMs: number;
  /** Nonces that still matter: when they end to, and their 22 characters. */
  readonly found: readonly { endMs: number; key: string }[];
  readonly #folder: string;
  readonly #onFault: (error: unknown) => void;
  #segment: { startMs: number; fd: number } | undefined;
  /** Lines of the segment that are not written yet. */
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

  /** Takes a nonce, which is on file after the next `write`. */
  append(nowMs: number, endMs: number, key: string): void {
    if (!this.#segment || nowMs >= this.#segment.startMs + segmentMs) {
      this.write();
      this.#orNoteLoss(() => {
        this.#segment = this.#nextSegment(nowMs);
      });
    }
    this.#pending += `${endMs} ${key}\n`;
  }

  /**
   * Writes what was taken. Where that fails (a full disk), the next opening is told that nonces were lost, `onFault` is
   * told once, and calls go on: who looks for the cause must still be able to read. Throws where not even that can be noted.
   */
  write(): void {
    const lines = this.#pending;
    if (lines === '') return;
    this.#pending = '';
    this.#orNoteLoss(() => {
      if (this.#segment === undefined) throw new Error('there is no file for them');
      if (writeSync(this.#segment.fd, lines) < lines.length) throw new Error('they were written in part');
    });
  }

  /** Writes, syncs and closes, and notes that the folder is whole. */
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
      this.#noteLoss(new Error('write nonces down', { cause }));
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
      // The last line of a file may be of a time stamp that was ahead of the clock by as much as is kept behind it.
      if (startMs + segmentMs + 2 * keepMs < nowMs) rmSync(path);
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
  // A state that cannot be read was being written when the machine stopped.
  if (state === undefined) return nowMs;
  if (state === 'open' && boot !== bootId()) return nowMs - Math.round(uptime() * 1000);
  return Number(earlierMs);
}

/** Tells one boot of the machine from another. */
function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
}
