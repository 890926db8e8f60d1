import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { atEnd, type Scope, startServer, type TestServer, temporaryFolder } from './slipway.ts';
import { MOMENT_FILE, type Moment } from './stop-at-moment.ts';

/** A server whose process can be stopped, as by SIGSTOP, at a moment that matters. What it started goes on. */
export interface PausingServer extends TestServer {
  /** Lets it stop when it comes to this moment. */
  stopAt(moment: Moment | undefined): void;
  /** Stops it now. */
  pause(): void;
  /** Whether it is stopped. */
  isPaused(): boolean;
  /** Resolves when it is stopped. Rejects if it ended before. */
  paused(): Promise<void>;
  /** Lets it go on. */
  resume(): void;
}

const HOOK = pathToFileURL(join(import.meta.dirname, 'stop-at-moment.ts')).href;
const LOOK_EVERY_MS = 5;

/** Starts a server that can be stopped; it ends with the scope. */
export async function startPausing(
  t: Scope,
  { moment, ...options }: NonNullable<Parameters<typeof startServer>[1]> & { moment?: Moment } = {},
): Promise<PausingServer> {
  const file = join(temporaryFolder(t), 'moment.json');
  const stopAt = (next: Moment | undefined) => writeFileSync(file, next === undefined ? '' : JSON.stringify(next));
  stopAt(moment);
  // The hook finds the server's modules by their names.
  const env = { ...options.env, [MOMENT_FILE]: file, NODE_OPTIONS: `--import=${HOOK}`, SLIPWAY_FROM_SOURCES: 'true' };
  const server = await startServer(t, { ...options, env });
  const { child } = server;
  // A stopped process does not end by SIGTERM.
  atEnd(t, () => child.kill('SIGCONT'));
  const isPaused = () => stateOf(child.pid ?? 0) === 'T';
  return {
    ...server,
    stopAt,
    isPaused,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    paused: async () => {
      while (!isPaused()) {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`the server ended before it stopped: ${server.stderr()}`);
        await sleep(LOOK_EVERY_MS);
      }
    },
  };
}

/** The letter of a process's state: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function stateOf(pid: number): string | undefined {
  try {
    return /\) (\w) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}
