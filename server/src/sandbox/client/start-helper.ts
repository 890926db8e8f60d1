import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import type { Ids } from '../protocol/ids.ts';

/** Options for starting the helper. */
export interface HelperOptions {
  dataFolder: string;
  socketPath: string;
  ownerUid: number;
  ownerGid: number;
  /**
   * Start it through `sudo -n`; needed if this process is not root. The launcher has asked for the password if one is
   * needed.
   */
  viaSudo?: boolean;
  /** IPv4 addresses or networks (CIDR) that builds may reach although they are private. */
  allowedEgress?: readonly string[];
  /** How much disk the layer stores of all repositories may take; without it nothing is removed. */
  cacheBytes?: number;
  /** How much disk the loaded base images may take; without it nothing is removed. */
  baseCacheBytes?: number;
  /** The host ids that sandboxes may have. */
  ids?: Ids;
}

/** A helper that serves. `child` is its keeper, whose `close` event says that helper and keeper are both gone. */
export interface StartedHelper {
  child: ChildProcess;
  close(): Promise<void>;
}

/**
 * Starts the privileged helper and waits until it serves. It lives until this process ends or `close` is called: its
 * standard input is a pipe from this process. Throws with the helper's own error, or with the fix if it cannot run as
 * root.
 */
export async function startHelper(options: HelperOptions): Promise<StartedHelper> {
  const helper = [
    join(import.meta.dirname, '../helper/privileged-server.ts'),
    ...['--data', options.dataFolder],
    ...['--socket', options.socketPath],
    ...['--owner', `${options.ownerUid}:${options.ownerGid}`],
    ...(options.cacheBytes === undefined ? [] : ['--cache-bytes', String(options.cacheBytes)]),
    ...(options.baseCacheBytes === undefined ? [] : ['--base-cache-bytes', String(options.baseCacheBytes)]),
    ...(options.ids === undefined ? [] : ['--ids', `${options.ids.first}-${options.ids.last}`]),
    ...(options.allowedEgress?.length ? ['--allow-egress', options.allowedEgress.join(',')] : []),
  ];
  const keeper = ['sh', join(import.meta.dirname, '../helper/keeper.sh'), process.execPath, ...helper];
  if (options.viaSudo !== true && process.getuid?.() !== 0) throw new Error(`the sandbox helper needs root; ${FIX}`);
  const [program = '', ...rest] =
    options.viaSudo === true
      ? ['sudo', '-n', '--', ...IN_SESSION_OF_ITS_OWN, ...keeper]
      : [...LIFELINE_FIRST, ...keeper];
  // A session of its own: Ctrl-C in a terminal must not end builds before the server has drained. Not for sudo, which
  // knows by its session that a password was given.
  const detached = options.viaSudo !== true;
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], detached });
  const lifeline = (options.viaSudo === true ? child.stdin : child.stdio[3]) as Writable;
  lifeline.on('error', () => lifeline.destroy());
  const closed = once(child, 'close').catch(() => undefined);
  await readiness(child, options.viaSudo === true);
  return {
    child,
    close: async () => {
      lifeline.destroy();
      await closed;
    },
  };
}

// Node closes a child's standard input when the child dies. The child is the keeper, so the helper would end with it;
// another pipe stays open. (sudo passes on no further pipes, so under sudo a dead keeper ends the helper.)
const LIFELINE_FIRST = ['sh', '-c', 'exec "$@" <&3 3<&-', 'lifeline'];

// sudo passes Ctrl-C on to its child and waits; the keeper ignores it.
const IN_SESSION_OF_ITS_OWN = ['sh', '-c', 'trap : INT QUIT; setsid "$@"', 'session'];

const FIX =
  'start slipway as root, or at a terminal where sudo can ask for a password, or allow this user sudo without a password';

/** Resolves at the line `ready`; from then on the helper's diagnostics go to our stderr. */
function readiness(child: ChildProcess, viaSudo: boolean): Promise<void> {
  return new Promise((done, fail) => {
    let words = '';
    child.once('error', (cause) =>
      fail(new Error(viaSudo ? `sudo cannot be run; ${FIX}` : 'start the sandbox helper', { cause })),
    );
    child.once('close', (code) => {
      const why = viaSudo && code === 1 ? `; ${FIX}` : '';
      fail(new Error(`the sandbox helper did not start (exit ${code}): ${spoken(words)}${why}`));
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString('utf8')).slice(-4000);
      process.stderr.write(chunk);
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes('ready')) done();
    });
  });
}

/** The helper's last messages: its lines are JSON, with the chain of errors. */
function spoken(words: string): string {
  const last = words.trim().split('\n').at(-1) ?? '';
  try {
    const { chain } = JSON.parse(last) as { chain: string[] };
    return chain.map((link) => link.replace(/^Error: /, '')).join(': ');
  } catch {
    // A message of the shell, sudo or Node itself.
    return words.trim();
  }
}
