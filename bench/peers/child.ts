import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { processorMs, processTree } from '../support/processor-time.ts';

/** The plain user and group of a rival's server. */
const NOBODY = 65_534;

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
    return processTree(this.#process.pid ?? 0).reduce((sum, pid) => sum + processorMs(pid), 0);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGINT');
    await ended;
  }
}
