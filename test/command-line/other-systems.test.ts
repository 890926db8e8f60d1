import assert from 'node:assert/strict';
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { type ApiUnderTest, startApiUnderTest } from '../../server/src/native/testing/api.ts';
import { folderOf } from '../support/queue-build.ts';
import { cleanEnvironment, type Ended, firstUuid, ROOT, temporaryFolder, textOf } from '../support/slipway.ts';

const skipLongReason = process.env.SLIPWAY_TEST_LONG === '1' ? false : 'runs in the longer tier';
const PROGRAM = programOf(ROOT);
const SYSTEMS = ['win32', 'darwin'];

test('on Windows and macOS, a command that needs its own server says in one sentence what to do instead', async () => {
  const commands = SYSTEMS.flatMap((system) =>
    [
      ['build', 'examples/hello'],
      ['serve', '--listen', ':1'],
    ].map((args) => ({ system, args })),
  );
  await Promise.all(
    commands.map(async ({ system, args }) => {
      const { code, stdout, stderr } = await run(system, args, { SLIPWAY_DATA: join(ROOT, 'no-such-folder') });
      assert.deepEqual([code, stdout], [2, ''], `${system} ${args[0]}: ${stderr}`);
      assert.match(stderr, /^slipway: the server runs on Linux only; name one with --endpoint [^\n]*\n$/);
    }),
  );
});

for (const system of SYSTEMS)
  test(`on ${system}, every command that only needs a server works without Linux-only features`, {
    skip: skipLongReason,
  }, async (t) => {
    const api = await startApiUnderTest(t);
    const id = await aBuild(api);
    const env = serverOf(api);
    const stdout = async (...args: string[]) => {
      const ended = await run(system, args, env);
      assert.equal(ended.code, 0, `${args.join(' ')}: ${ended.stderr}`);
      return ended.stdout;
    };
    assert.match(await stdout('version'), /^\d+\.\d+\.\d+\n$/);
    assert.match(await stdout('token'), /^\S+\n$/);
    assert.match(await stdout('token', '--list'), /until/);
    assert.match(await stdout('builds', '--status', 'SUCCESS'), new RegExp(id));
    assert.equal(await stdout('logs', id, '--raw'), 'first\nerror: second\n');
    assert.equal(await stdout('logs', '-f', id, '--raw'), 'first\nerror: second\n');
    assert.equal(await stdout('logs', id, '--raw', '--grep', 'sec.nd'), 'error: second\n');
    assert.match(await stdout('why', id), new RegExp(`${id}[^]*\nReason +none: the build did not fail\n`));
    assert.match(await stdout('diff', id, await aBuild(api)), /no difference/);
    assert.match(await stdout('log', 'verify', id), new RegExp(id));
    await readByModel(t, system, env, id);
    await sendFolder(t, api, system, env);
  });

test('the command line can be installed alone for Windows from a clone, without the server and without scripts', {
  skip: skipLongReason,
}, async (t) => {
  const clone = join(temporaryFolder(t), 'slipway');
  execFileSync('git', ['clone', '--quiet', ROOT, clone]);
  const install = ['ci', '--workspace', 'cli', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  await promisify(execFile)('npm', [...install, '--os=win32', '--cpu=x64'], { cwd: clone, env: cleanEnvironment() });
  assert.equal(existsSync(join(clone, 'node_modules', 'fastify')), false);
  const env = cleanEnvironment({ SLIPWAY_TEST_PLATFORM: 'win32' });
  const { stdout } = await promisify(execFile)(process.execPath, [...programOf(clone), '--help'], { cwd: clone, env });
  assert.match(stdout, /logs \[options\] <build>/);
});

/** A finished build with two lines. */
async function aBuild(api: ApiUnderTest): Promise<string> {
  const id = await api.beginBuild();
  await endWithLog(api, id);
  return id;
}

async function endWithLog(api: ApiUnderTest, id: string): Promise<void> {
  const writer = await api.means.logbook.create(id);
  await writer.write(Buffer.from('first\nerror: second\n'));
  await writer.seal({ verdict: 'complete' });
  await api.endBuild(id);
}

async function readByModel(t: TestContext, system: string, env: Record<string, string>, id: string): Promise<void> {
  const client = new Client({ name: 'test', version: '1' });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...PROGRAM, 'mcp'],
    env: environment(system, env),
    stderr: 'inherit',
  });
  await client.connect(transport);
  t.after(() => client.close());
  const answer = await client.callTool({ name: 'read_log', arguments: { build_id: id } });
  assert.match(JSON.stringify(answer.content), /error: second/);
  await client.close();
}

/** Packs and sends the folder, and follows the log to its end. */
async function sendFolder(t: TestContext, api: ApiUnderTest, system: string, env: Record<string, string>) {
  const source = folderOf(t, { Dockerfile: 'FROM busybox\n' });
  let building: Promise<void> | undefined;
  const ended = await run(system, ['build', source, '--tag', 'team/app:v1'], env, (child) => {
    child.stdout?.on('data', (text: string) => {
      building ??= endWithLog(api, firstUuid(text));
    });
  });
  await building;
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stdout, /error: second.*Status +SUCCESS/s);
}

/** The command line of a checkout, on a system other than Linux. */
function programOf(root: string): string[] {
  return ['--import', join(root, 'test', 'command-line', 'other-system.ts'), join(root, 'cli', 'src', 'main.ts')];
}

function serverOf({ endpoint, pair }: ApiUnderTest): Record<string, string> {
  return {
    SLIPWAY_ENDPOINT: endpoint,
    SLIPWAY_ACCESS_KEY_ID: pair.accessKeyId,
    SLIPWAY_ACCESS_KEY_SECRET: pair.accessKeySecret,
  };
}

function environment(system: string, env: Record<string, string>): Record<string, string> {
  const { HOME: _, ...rest } = cleanEnvironment({
    SLIPWAY_TEST_PLATFORM: system,
    NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'slipway'),
    ...env,
  });
  return rest;
}

async function run(
  system: string,
  args: readonly string[],
  env: Record<string, string>,
  onStart: (child: ChildProcess) => void = () => undefined,
): Promise<Ended> {
  const child = spawn(process.execPath, [...PROGRAM, ...args], {
    cwd: ROOT,
    env: environment(system, env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = textOf(child);
  onStart(child);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...printed };
}
