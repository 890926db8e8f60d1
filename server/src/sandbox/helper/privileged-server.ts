/**
 * The only part of Slipway that runs as root. `node privileged-server.ts --data DIR --socket PATH --owner UID:GID
 * [--allow-egress CIDR,…] [--cache-bytes N] [--base-cache-bytes N] [--ids FIRST-LAST]`.
 *
 * Each connection serves one request: a JSON line in, frames out (frame.ts). When the connection closes, what its
 * request made is killed and removed. Standard input is the server's lifeline: when it ends, everything ends. Prints
 * `ready` when it listens. Exits with 0 when done, 2 on bad arguments, 4 if the machine is not suitable.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, lchownSync, lstatSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { findCgroupRoots, removePrefix } from '../box/cgroup.ts';
import { checkedRange } from '../box/egress-rules.ts';
import type { HelperState } from '../box/helper-state.ts';
import { IdPool } from '../box/id-ranges.ts';
import { BOX_PLACE } from '../box/runc-config.ts';
import { workPlaceOf } from '../box/work-space.ts';
import { makeFolder } from '../folder/make-folder.ts';
import { removeAllWork } from '../folder/owner-folder.ts';
import type { Ids } from '../protocol/ids.ts';
import { DEFAULT_IDS, parseIds } from '../protocol/ids.ts';
import { writeLeftLater, writeNow } from '../store/written-store.ts';
import { serveConnection } from './serve-connection.ts';
import { sweep } from './sweep.ts';

class Refusal extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

interface Arguments {
  data: string;
  socket: string;
  owner: { uid: number; gid: number };
  allowedEgress: string[];
  cacheBytes: number;
  baseCacheBytes: number;
  ids: Ids;
}

const KEEPER_CHECK_MS = 500;

await main().catch((error: unknown) => {
  writeLog('error', 'the sandbox helper ends', error);
  process.exit(error instanceof Refusal ? error.exitCode : 1);
});

async function main(): Promise<void> {
  const given = readArguments();
  process.umask(0o022);
  // The server decides about a terminal's Ctrl-C; the helper follows its lifeline.
  process.on('SIGINT', () => undefined);
  process.on('SIGHUP', () => undefined);
  enterOwnFolder(given.data);
  const lock = await takeLock(given.data);
  const state = await prepareState(given);
  await sweep(state, { keepWork: true });
  writeLeftLater();
  const ends = new Set<Promise<void>>();
  const stopping = new AbortController();
  const server = createServer((socket) => {
    const end = serveConnection(state, socket, stopping.signal, (error) =>
      writeLog('error', 'a sandbox request failed', error),
    );
    ends.add(end);
    void end.finally(() => ends.delete(end));
  });
  await listen(server, given);
  process.stdout.write('ready\n');

  const why = await waitForEnd();
  server.close();
  stopping.abort();
  if (why === 'keeper') startKeeperAgain();
  await Promise.allSettled(ends);
  await writeNow();
  try {
    await sweep(state, { keepWork: why === 'keeper' });
    if (why === 'lifeline') {
      await removeAllWork(state.owner);
      rmSync(given.socket, { force: true });
    }
  } finally {
    // Also if the data folder was removed meanwhile: the groups are not in it.
    removePrefix(state.roots, state.cgroupPrefix);
  }
  lock[Symbol.dispose]();
  process.exit(0);
}

function readArguments(): Arguments {
  try {
    const { values } = parseArgs({
      options: {
        data: { type: 'string' },
        socket: { type: 'string' },
        owner: { type: 'string' },
        'allow-egress': { type: 'string', default: '' },
        'cache-bytes': { type: 'string' },
        'base-cache-bytes': { type: 'string' },
        ids: { type: 'string' },
      },
    });
    const owner = /^(\d{1,10}):(\d{1,10})$/.exec(values.owner ?? '');
    if (values.data === undefined || values.socket === undefined || owner === null) {
      throw new Error('--data DIR, --socket PATH and --owner UID:GID are needed');
    }
    const bytesOf = (name: 'cache-bytes' | 'base-cache-bytes'): number => {
      const bytes = Number(values[name] ?? Number.POSITIVE_INFINITY);
      if (!(bytes >= 0)) throw new Error(`--${name} is not a number of bytes`);
      return bytes;
    };
    const ids = values.ids === undefined ? DEFAULT_IDS : parseIds(values.ids);
    if (ids === undefined) throw new Error(`--ids ${values.ids} leaves no room for a sandbox`);
    return {
      ids,
      data: realpathSync(values.data),
      socket: resolve(values.socket),
      owner: { uid: Number(owner[1]), gid: Number(owner[2]) },
      allowedEgress: values['allow-egress']
        .split(',')
        .filter((range) => range !== '')
        .map(checkedRange),
      cacheBytes: bytesOf('cache-bytes'),
      baseCacheBytes: bytesOf('base-cache-bytes'),
    };
  } catch (cause) {
    throw new Refusal(2, 'the arguments of the sandbox helper', { cause });
  }
}

/** From here on all paths are relative to DATA/sandbox itself, so renaming it or its parents changes nothing. */
function enterOwnFolder(data: string): void {
  if (process.getuid?.() !== 0) throw new Refusal(4, 'the sandbox helper must run as root');
  const folder = join(data, 'sandbox');
  try {
    makeFolder(folder, 0o700);
    const stats = lstatSync(folder);
    if (!stats.isDirectory() || stats.uid !== 0) throw new Error(`${folder} is not a folder owned by root`);
    process.chdir(folder);
    const entered = lstatSync('.');
    if (entered.ino !== stats.ino || entered.dev !== stats.dev) throw new Error(`${folder} was exchanged`);
    chmodSync('.', 0o700);
    makeFolder('run', 0o700);
    makeFolder(BOX_PLACE, 0o755);
  } catch (cause) {
    throw new Refusal(4, `the folder ${folder}`, { cause });
  }
}

/**
 * The lock of a file that only root reaches. A name that anybody may take, such as an abstract socket's, would let any
 * user keep the helper from starting. The kernel releases the lock when the process dies, for whatever reason. A helper
 * that is dying is waited for.
 */
async function takeLock(data: string): Promise<Disposable> {
  let problem: unknown;
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const lock = new DatabaseSync('lock.sqlite');
    try {
      lock.exec('pragma journal_mode = memory; begin exclusive');
      return { [Symbol.dispose]: () => lock.close() };
    } catch (error) {
      lock.close();
      problem = error;
      await sleep(50);
    }
  }
  throw new Refusal(4, `another sandbox helper serves ${data}`, { cause: problem });
}

async function prepareState(given: Arguments): Promise<HelperState> {
  try {
    return {
      owner: given.owner,
      roots: findCgroupRoots(),
      cgroupPrefix: `slipway/${hashOf(given.data)}`,
      ids: new IdPool(given.ids, Number.parseInt(hashOf(given.data).slice(0, 8), 16)),
      workPlace: workPlaceOf(hashOf(given.data)),
      allowedEgress: given.allowedEgress,
      cacheBytes: given.cacheBytes,
      baseCacheBytes: given.baseCacheBytes,
      basesHeld: new Map(),
      storesInUse: new Set(),
      storesWaiting: new Map(),
      spacesWatched: new Map(),
      buildsInUse: new Map(),
    };
  } catch (cause) {
    throw new Refusal(4, 'this machine does not allow the sandbox', { cause });
  }
}

/**
 * Bound and given to its owner where only root can reach it, then renamed into place, so that at no moment another file
 * could be hit.
 */
async function listen(server: Server, given: Arguments): Promise<void> {
  const bound = 'run/helper.sock';
  await new Promise<void>((done, fail) => server.once('error', fail).listen(bound, done));
  try {
    chmodSync(bound, 0o600);
    lchownSync(bound, given.owner.uid, given.owner.gid);
    renameSync(bound, given.socket);
  } catch (cause) {
    throw new Refusal(2, `the socket ${given.socket} (it must be on the data folder's file system)`, { cause });
  }
}

/**
 * `lifeline`: the server is gone or asked for the end. `keeper`: the keeper was killed, so nothing would restart the
 * helper.
 */
function waitForEnd(): Promise<'lifeline' | 'keeper'> {
  return new Promise((done) => {
    process.stdin.on('end', () => done('lifeline')).on('error', () => done('lifeline'));
    process.stdin.resume();
    process.on('SIGTERM', () => done('lifeline'));
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) done('keeper');
    }, KEEPER_CHECK_MS);
  });
}

/** A new keeper with the same lifeline and arguments; its helper waits for this one's lock. */
function startKeeperAgain(): void {
  const keeper = join(import.meta.dirname, 'keeper.sh');
  const command = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  spawn('sh', [keeper, ...command], { stdio: 'inherit', detached: true, cwd: '/' }).unref();
}

function hashOf(data: string): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 16);
}

function writeLog(level: 'error' | 'warn', message: string, error: unknown): void {
  const chain: string[] = [];
  for (let at = error; at !== undefined; at = at instanceof Error ? at.cause : undefined) chain.push(String(at));
  process.stderr.write(`${JSON.stringify({ level, time: Date.now(), part: 'sandbox', msg: message, chain })}\n`);
}
