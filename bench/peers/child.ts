import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** The plain user and group of a rival's server. */
const NOBODY = 65_534;
const CLOCK_TICK_MS = 10;

/** How to start as an unprivileged user; changes nothing if we are one already. */
export function plainUser(): { uid?: number; gid?: number } {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
}

/** A rival's server process: started, awaited, ended. */
export class Child {
  readonly #process: ChildProcess;
  #said = '';

  constructor(program: string, args: readonly string[], cwd: string) {
    this.#process = spawn(program, args, { ...plainUser(), cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#said = (this.#said + chunk.toString()).slice(-4000);
      });
    }
  }

  /** Resolves once `isUp` no longer throws. */
  async waitUntil(isUp: () => Promise<void>): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await isUp();
      } catch (cause) {
        if (this.#process.exitCode !== null || tries > 200) throw new Error(`no server: ${this.#said}`, { cause });
      }
      await sleep(50);
    }
  }

  /** Processor time so far of the server and its children, including ended ones, in ms. */
  cpuMs(): number {
    return processTree(this.#process.pid ?? 0).reduce((sum, pid) => sum + cpuOf(pid), 0);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGINT');
    await ended;
  }
}

function processTree(pid: number): number[] {
  let children: number[] = [];
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    // It ended meanwhile, and has no children any more.
  }
  return [pid, ...children.flatMap(processTree)];
}

function cpuOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    // utime, stime, and cutime, cstime of awaited children.
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * CLOCK_TICK_MS;
  } catch {
    // It ended meanwhile, so its time is unknown.
    return 0;
  }
}
