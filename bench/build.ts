/*
 * `./slipway build examples/hello` against the same steps by hand: git clone over HTTP, buildah with its layer
 * cache as root of this machine, push to the same registry: warm, where the layer cache has every step, and cold, where it
 * has none; the base image is there in both. Rounds are interleaved; figures are medians of whole
 * commands, wall clock. Needs root. `node bench/build.ts`
 */
import { execFile } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { startGitHost } from '../test/support/git-host.ts';
import { type Ended, ROOT, slipway, startServer, type TestServer, temporaryFolder } from '../test/support/slipway.ts';

const HELLO = join(ROOT, 'examples', 'hello');
const ROUNDS = 7;
const LIMIT_FACTOR = 1.05;
const LIMIT_EXTRA_MS = 1500;

const KINDS = ['warm', 'cold'] as const;
type Kind = (typeof KINDS)[number];

// The test runner carries the clean-up of the servers; a shortfall fails it, and so the command.
for (const kind of KINDS) {
  test(`a ${kind} build costs at most 1.05 times the steps by hand, and 1.5 s`, async (t) => {
    const server = await startServer(t, { flags: ['--allow-addresses', '127.0.0.1'] });
    const host = await startGitHost(t);
    host.addRepository('bench/hello', join(ROOT, 'examples', 'hello'));
    const hand = await byHand(t, server, `${host.url}/bench/hello.git`);
    const ours = (source: string) => build(server, source);
    for (let warmUp = 0; warmUp < 2; warmUp++) {
      await ours(HELLO);
      await hand(HELLO);
    }
    const times: { ours: number[]; hand: number[] } = { ours: [], hand: [] };
    for (let round = 0; round < ROUNDS; round++) {
      const source = kind === 'warm' ? HELLO : unseenSource(t, round);
      times.ours.push(await elapsed(() => ours(source)));
      times.hand.push(await elapsed(() => hand(source)));
    }
    judge(kind, median(times.ours), median(times.hand));
  });
}

function judge(kind: Kind, oursMs: number, handMs: number): void {
  const limitMs = handMs * LIMIT_FACTOR + LIMIT_EXTRA_MS;
  console.log(
    `${kind} build of examples/hello, ${ROUNDS} rounds (${cpus()[0]?.model ?? 'unknown cpu'}, ${cpus().length} cores): ` +
      `slipway build ${seconds(oursMs)} s, by hand ${seconds(handMs)} s, limit 1.05 x + 1.5 s = ${seconds(limitMs)} s`,
  );
  if (oursMs > limitMs) throw new Error(`slipway build takes ${seconds(oursMs)} s, more than ${seconds(limitMs)} s`);
}

/** examples/hello with a Dockerfile of which no layer cache has a step. */
function unseenSource(t: TestContext, round: number): string {
  const folder = join(temporaryFolder(t), 'hello');
  cpSync(HELLO, folder, { recursive: true });
  const text = readFileSync(join(HELLO, 'Dockerfile'), 'utf8');
  writeFileSync(join(folder, 'Dockerfile'), text.replace('\n', `\nRUN echo round ${round}\n`));
  return folder;
}

async function build(server: TestServer, source: string): Promise<void> {
  check(await slipway(['build', source, '--data', server.dataFolder]));
}

function check(ended: Ended): void {
  if (ended.code !== 0) throw new Error(`slipway build ended with ${ended.code}: ${ended.stdout}${ended.stderr}`);
}

/** Clone, build and push with the tools themselves; the base image stands in their store beforehand. */
async function byHand(t: TestContext, server: TestServer, url: string): Promise<(source: string) => Promise<void>> {
  const folder = temporaryFolder(t);
  const run = promisify(execFile);
  const registry = new URL(server.root.Endpoint).host;
  const login = ['--tls-verify=false', '--creds', `${server.root.AccessKeyId}:${server.root.AccessKeySecret}`];
  const store = ['--root', join(folder, 'store'), '--runroot', join(folder, 'run')];
  const buildah = (...args: string[]) => run('buildah', [...store, ...args]);
  const base = `${registry}/library/busybox:latest`;
  await buildah('pull', '--quiet', ...login, `docker://${base}`);
  await buildah('tag', base, 'docker.io/library/busybox:latest');
  return async (source) => {
    const checkout = join(folder, 'checkout');
    rmSync(checkout, { recursive: true, force: true });
    await run('git', ['clone', '--quiet', '--depth', '1', url, checkout]);
    cpSync(join(source, 'Dockerfile'), join(checkout, 'Dockerfile'));
    const image = `${registry}/local/hello:by-hand`;
    await buildah(
      'bud',
      '--layers',
      '--pull=never',
      '--format',
      'docker',
      '--isolation',
      'chroot',
      '-t',
      image,
      checkout,
    );
    await buildah('push', '--quiet', ...login, image);
  };
}

async function elapsed(act: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}
