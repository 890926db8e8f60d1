import { type ChildProcess, type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Client, createClient } from '../../client/src/client.ts';
import { storeFlags } from './store-flags.ts';

export const ROOT = join(import.meta.dirname, '..', '..');
export const LAUNCHER = join(ROOT, 'slipway');

/** A command's exit code and its output. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The account of a data folder, from its `root.json`. */
export interface RootFile {
  AccountId: string;
  AccessKeyId: string;
  AccessKeySecret: string;
  RegionId: string;
  InstanceId: string;
  Endpoint: string;
}

/** The key pair of the account owner. */
export function pairOf(root: RootFile): { accessKeyId: string; accessKeySecret: string } {
  return { accessKeyId: root.AccessKeyId, accessKeySecret: root.AccessKeySecret };
}

/** A server for one test. */
export interface TestServer {
  dataFolder: string;
  root: RootFile;
  client: Client;
  child: ChildProcess;
  /** Its output on standard error so far. */
  stderr(): string;
  /** Sends SIGTERM; returns the exit code. */
  stop(): Promise<number | null>;
  /** kill -9; waits until the process is gone. */
  kill(): Promise<void>;
}

/** The scope that something ends with: a test, or a whole file through `after` of `node:test`, called outside tests. */
export interface Scope {
  after(act: () => unknown): void;
}

const cleanUps = new WeakMap<Scope, (() => unknown)[]>();

/** Runs something when the test ends, however it ends; the last registered runs first. */
export function atEnd(t: Scope, act: () => unknown): void {
  const known = cleanUps.get(t);
  if (known) {
    known.push(act);
    return;
  }
  const acts = [act];
  cleanUps.set(t, acts);
  t.after(async () => {
    for (const next of acts.reverse()) await next();
  });
}

/** A folder that is removed with the test. */
export function temporaryFolder(t: Scope): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-test-'));
  atEnd(t, () => remove(folder));
  return folder;
}

/** The helper of a plain user's server is root, and leaves files that belong to root. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    if (process.getuid?.() === 0) throw error;
    execFileSync('sudo', ['-n', 'rm', '-rf', '--', folder]);
  }
}

/** An environment without settings of anyone who runs the tests. */
export function cleanEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(SLIPWAY_|NODE_TEST|NODE_OPTIONS)/.test(name));
  return { ...(Object.fromEntries(kept) as Record<string, string>), ...extra };
}

/** The output of a process, which grows as it prints. */
export function textOf(child: ChildProcessByStdio<null, Readable, Readable>): { stdout: string; stderr: string } {
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
    });
  }
  return printed;
}

/** Runs `./slipway ARGS` to its end. */
export async function slipway(
  args: readonly string[],
  options: {
    cwd?: string;
    env?: Record<string, string>;
    launcher?: string;
    onStart?: (child: ChildProcess) => void;
  } = {},
): Promise<Ended> {
  const child = spawn(options.launcher ?? LAUNCHER, args, {
    cwd: options.cwd ?? ROOT,
    env: cleanEnvironment(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = textOf(child);
  options.onStart?.(child);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...printed };
}

/** Starts `./slipway serve` on a free port and waits for its ready line; it ends with the test. */
export async function startServer(
  t: Scope,
  options: {
    dataFolder?: string;
    flags?: readonly string[];
    env?: Record<string, string>;
    launcher?: string;
    prefix?: readonly string[];
  } = {},
): Promise<TestServer> {
  const dataFolder = options.dataFolder ?? join(temporaryFolder(t), 'data');
  const own = ['--data', dataFolder, '--listen', '127.0.0.1:0', ...(options.flags ?? [])];
  const flags = own.includes('--database') ? own : [...own, ...(await storeFlags(dataFolder))];
  // Set to run the tests of a file against a server elsewhere, such as one in a container.
  const launcher = options.launcher ?? process.env.SLIPWAY_TEST_LAUNCHER ?? LAUNCHER;
  const [program = launcher, ...rest] = [...(options.prefix ?? []), launcher, 'serve', ...flags];
  const child = spawn(program, rest, { env: cleanEnvironment(options.env), stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  atEnd(t, async () => {
    child.kill('SIGTERM');
    child.kill('SIGTERM');
    await ended;
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await Promise.race([
    once(child.stdout, 'data'),
    ended.then((code) => Promise.reject(new Error(`serve ended with ${code}: ${stderr}`))),
  ]);
  const root = JSON.parse(readFileSync(join(dataFolder, 'root.json'), 'utf8')) as RootFile;
  const client = createClient({ endpoint: root.Endpoint, ...pairOf(root) });
  return {
    dataFolder,
    root,
    client,
    child,
    stderr: () => stderr,
    stop: async () => {
      child.kill('SIGTERM');
      return ended;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** A log line as the command line prints it. */
export interface PrintedLine {
  LineNumber: number;
  BuildStage: string;
  Message: string;
}

/** The numbered lines of a command's output. */
export function printedLines(stdout: string): PrintedLine[] {
  return stdout.split('\n').flatMap((line) => {
    const match = /^ *(\d+) {2}(\w+) *? {2}(.*)$/.exec(line);
    if (!match) return [];
    const stage = match[2] ?? '';
    const start = line.indexOf(stage) + 18 + 2;
    return [{ LineNumber: Number(match[1]), BuildStage: stage, Message: line.slice(start) }];
  });
}

/** The first UUID of a text: the BuildRecordId of a command's output. */
export function firstUuid(text: string): string {
  const match = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i.exec(text);
  if (!match) throw new Error(`no UUID in ${JSON.stringify(text.slice(0, 500))}`);
  return match[0];
}

/** A value in a command's closing table. */
export function summaryValue(stdout: string, name: string): string | undefined {
  return new RegExp(`^${name} +(.*)$`, 'm').exec(stdout)?.[1];
}

/** Calls the native API and returns the JSON. */
export async function native(client: Client, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const response = await client.fetch(path, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const reply = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new Error(`${response.status} ${JSON.stringify(reply)}`);
  return reply;
}
