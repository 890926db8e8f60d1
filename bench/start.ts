/*
 * From `serve --no-builds --data memory` to its ready line, of an installed copy, of a checkout's launcher and of the sources, and short
 * commands: whole processes with compiled code in the cache. Each in turn, round after round; the first round fills the caches and
 * does not count. `node bench/start.ts [ROUNDS]`
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LAUNCHER, ROOT } from '../test/support/slipway.ts';
import { Figures, median, shown } from './support/figures.ts';
import { processorMs } from './support/processor-time.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const LIMIT_MS = 2000;
const SERVE = ['serve', '--no-builds', '--data', 'memory', '--listen', '127.0.0.1:0'];

interface Started {
  wallMs: number;
  cpuMs: number;
}

const folder = mkdtempSync('/var/tmp/slipway-start-');
// Started as root, a server continues as a user who must read its code.
chmodSync(folder, 0o755);
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
await toEnd(LAUNCHER, ['install', '--root', folder]);
const installed = join(folder, 'opt/slipway/current');

const candidates: Record<string, () => Promise<Started>> = {
  'serve, installed': () => ready(process.execPath, [join(installed, 'server/dist/main.js'), ...SERVE]),
  'serve, checkout': () => ready(LAUNCHER, SERVE),
  'serve, sources': () => ready(process.execPath, [join(ROOT, 'server/src/main.ts'), ...SERVE]),
  './slipway version': () => toEnd(LAUNCHER, ['version']),
  'version, sources': () => toEnd(process.execPath, [join(ROOT, 'cli/src/main.ts'), 'version']),
  './slipway --help': () => toEnd(LAUNCHER, ['--help']),
};
const rounds = new Map<string, Started[]>();
for (let round = 0; round <= ROUNDS; round += 1)
  for (const [name, start] of Object.entries(candidates)) {
    const started = await start();
    if (round > 0) rounds.set(name, [...(rounds.get(name) ?? []), started]);
  }

const [load = 'unknown'] = readFileSync('/proc/loadavg', 'utf8').split(' ');
const figures = new Figures(`Starts, ms of processor time; load average ${load}`);
for (const [name, all] of rounds) {
  const cpuMs = median(all.map((each) => each.cpuMs));
  const detail = `${shown(median(all.map((each) => each.wallMs)))} ms in all`;
  // Processor time, since what else runs on the machine changes it less.
  if (name.startsWith('serve')) figures.atMost(name, cpuMs, LIMIT_MS, detail);
  else figures.report(name, cpuMs, detail);
}
figures.print();

/** Until the server says that it is ready; it is ended after that. */
async function ready(program: string, args: readonly string[]): Promise<Started> {
  const start = performance.now();
  const child = spawn(program, args, { env: environment(), stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const [first] = (await Promise.race([once(child.stdout, 'data'), ended])) as unknown[];
  const wallMs = performance.now() - start;
  if (!/listening/.test(String(first))) throw new Error(`${program} ${args.join(' ')} ended`);
  const cpuMs = processorMs(child.pid ?? 0);
  child.kill('SIGTERM');
  await ended;
  return { wallMs, cpuMs };
}

async function toEnd(program: string, args: readonly string[]): Promise<Started> {
  const beforeMs = processorMs(process.pid);
  const own = process.cpuUsage();
  const start = performance.now();
  const child = spawn(program, args, { env: environment(), stdio: 'ignore' });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}`);
  const wallMs = performance.now() - start;
  // An ended child's time is in that of its parent.
  const { user, system } = process.cpuUsage(own);
  return { wallMs, cpuMs: processorMs(process.pid) - beforeMs - (user + system) / 1000 };
}

function environment() {
  return { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled'), SLIPWAY_LOG_LEVEL: 'warn' };
}
