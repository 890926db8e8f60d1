import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

/** A server of PostgreSQL in a folder of its own, with one user, over a unix socket. */
export interface PostgresServer {
  /** The address of one of its databases. */
  urlOf(database: string): string;
  /** A connection to one of them, which has a name. */
  connect(database: string, name: string): Promise<Client>;
  /** Stops it as a crash does: without ending what its clients do. */
  crash(): Promise<void>;
  /** Starts it again, with what it had. */
  start(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

const USER = 'slipway';
const NAME = 'slipway-postgres';
const READY_TRIES = 600;
const NOBODY = 65_534;
const SETTINGS = {
  listen_addresses: '',
  port: '5432',
  max_connections: '600',
  // A test's data need not survive the machine.
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  log_min_messages: 'fatal',
};

/** PostgreSQL may still be making files when it has been told to end. */
const REMOVED = { recursive: true, force: true, maxRetries: 20, retryDelay: 50 };

/** The folder of Debian's newest programs of PostgreSQL; undefined if there are none. */
export function postgresFolder(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, 'bin')).find((folder) => existsSync(join(folder, 'initdb')));
}

/**
 * Starts one. It ends when this process ends, however it ends, if not before. With the address of a database of another server, it is a standby of that
 * one, and takes writes after `select pg_promote()`.
 */
export async function startPostgres(
  settings: Readonly<Record<string, string>> = {},
  primaryUrl?: string,
): Promise<PostgresServer> {
  const programs = postgresFolder();
  if (programs === undefined) throw new Error('needs PostgreSQL: apt-get install postgresql');
  removeForsaken();
  const folder = mkdtempSync(`${join(tmpdir(), NAME)}-${process.pid}-`);
  // PostgreSQL refuses to run as root.
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  const [program, ...flags] =
    primaryUrl === undefined
      ? ['initdb', '-U', USER, '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-instructions', '--no-sync']
      : ['pg_basebackup', '-d', primaryUrl, '--write-recovery-conf', '--checkpoint=fast', '--no-sync'];
  execFileSync(join(programs, program ?? ''), ['-D', data, ...flags], { ...user, cwd: folder, stdio: 'pipe' });
  const all = { ...SETTINGS, unix_socket_directories: folder, ...settings };
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = join(folder, 'log');
  const run = async () => {
    const child = spawn('setpriv', ['--pdeathsig', 'QUIT', join(programs, 'postgres'), '-D', data, ...args], {
      ...user,
      cwd: folder,
      stdio: ['ignore', 'ignore', openSync(log, 'w')],
      env: { PATH: '/usr/bin:/bin' },
    });
    child.unref();
    for (let tries = 0; !isReady(programs, folder, all.port); tries += 1) {
      if (child.exitCode !== null || tries > READY_TRIES)
        throw new Error(`PostgreSQL did not start: ${readFileSync(log)}`);
      await sleep(50);
    }
    return child;
  };
  const end = async (signal: NodeJS.Signals) => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    // This process may have nothing else to wait for, and would end before the folder is removed.
    child.ref();
    if (child.exitCode === null && child.signalCode === null && child.kill(signal)) await ended;
  };
  const remove = () => rmSync(folder, REMOVED);
  const atExit = () => {
    child.kill('SIGQUIT');
    remove();
  };
  process.once('exit', atExit);
  let child = await run();
  const urlOf = (database: string) => `postgresql:///${database}?host=${folder}&port=${all.port}&user=${USER}`;
  return {
    urlOf,
    connect: async (database, name) => {
      const client = new Client({ connectionString: urlOf(database), application_name: name });
      await client.connect();
      return client;
    },
    crash: () => end('SIGQUIT'),
    start: async () => {
      child = await run();
    },
    stop: async () => {
      await end('SIGINT');
      process.removeListener('exit', atExit);
      remove();
    },
  };
}

/** Removes the folders of processes that were killed: their names say whose they are. */
function removeForsaken(): void {
  const isForsaken = (name: string) => {
    const pid = new RegExp(`^${NAME}-(\\d+)-`).exec(name)?.[1];
    return pid !== undefined && !existsSync(`/proc/${pid}`);
  };
  for (const name of readdirSync(tmpdir()).filter(isForsaken)) rmSync(join(tmpdir(), name), REMOVED);
}

function isReady(programs: string, folder: string, port: string): boolean {
  try {
    execFileSync(join(programs, 'pg_isready'), ['-q', '-h', folder, '-p', port, '-U', USER], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
