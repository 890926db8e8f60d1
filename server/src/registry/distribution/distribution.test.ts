import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { openSigningKey } from '../tokens/signing-key.ts';
import { askChild } from './child-registry.ts';
import { distributionConfig, findFreePort, startDistribution } from './distribution.ts';

const IDS = { httpSecret: 'a secret', tokenRealm: 'http://127.0.0.1/token', service: 's', issuer: 'i' };
const log = pino({ level: 'silent' });

test('starts, keeps its secrets to itself, and is gone after close', async (context) => {
  const folder = await temporaryFolder(context);
  const { certificateFile } = await openSigningKey(join(folder, 'keys'), (make) => make());
  const first = await startDistribution({ folder, certificateFile, ...IDS, log });
  assert.equal((await fetch(`${first.url}/v2/`)).status, 401);
  assert.equal((await stat(join(folder, 'config.yml'))).mode & 0o777, 0o600);
  await first.close();
  await first.close();
  await assert.rejects(fetch(`${first.url}/v2/`));
});

test('Ctrl-C in the terminal of the server does not end it: builds push while the server drains', async (context) => {
  const folder = await temporaryFolder(context);
  const { certificateFile } = await openSigningKey(join(folder, 'keys'), (make) => make());
  await using undo = new AsyncDisposableStack();
  const distribution = await startDistribution({ folder, certificateFile, ...IDS, log });
  undo.defer(() => distribution.close());
  const pid = await pidOf(folder);
  // After the name in parentheses: state, parent, process group.
  const [, , group] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
  assert.equal(group, String(pid), 'the terminal sends SIGINT to the process group of the server');
});

test('takes no other program on its port for the registry, not even another registry of the same user', async (context) => {
  await using undo = new AsyncDisposableStack();
  const start = async (change: { findPort?: () => Promise<number> }) => {
    const folder = await temporaryFolder(context);
    const key = await openSigningKey(join(folder, 'keys'), (make) => make());
    const started = await startDistribution({ folder, certificateFile: key.certificateFile, ...IDS, log, ...change });
    undo.defer(() => started.close());
    return { key, started };
  };
  const { started: first } = await start({});
  const ports = [first.port, await findFreePort()];
  const { key, started: second } = await start({ findPort: async () => ports.shift() ?? findFreePort() });
  assert.notEqual(second.port, first.port);
  const statusOf = async (url: string) => {
    const links = { complete: async () => undefined, removeManifest: async () => undefined };
    const address = { url: () => url, links, key, issuer: IDS.issuer, service: IDS.service, now: Date.now };
    const rights = [{ name: 'a/b', actions: ['pull' as const] }];
    return (await askChild(address, rights, '/v2/a/b/tags/list', { method: 'GET' })).status;
  };
  assert.equal(await statusOf(second.url), 404, 'it knows its own tokens');
  assert.equal(await statusOf(first.url), 401, 'the other one does not');
});

test('reports an unexpected death of the child', async (context) => {
  const folder = await temporaryFolder(context);
  const { certificateFile } = await openSigningKey(join(folder, 'keys'), (make) => make());
  const distribution = await startDistribution({ folder, certificateFile, ...IDS, log });
  process.kill(await pidOf(folder), 'SIGKILL');
  assert.deepEqual(await distribution.died, { code: null, signal: 'SIGKILL' });
  await distribution.close();
});

test('reports what the child printed if it does not start', async (context) => {
  const folder = await temporaryFolder(context);
  await assert.rejects(
    startDistribution({ folder, certificateFile: join(folder, 'missing.pem'), ...IDS, log }),
    /start docker-registry: it ended with code .*missing\.pem/s,
  );
});

test('ends when its server is killed', async (context) => {
  const folder = await temporaryFolder(context);
  const { certificateFile } = await openSigningKey(join(folder, 'keys'), (make) => make());
  const program = join(folder, 'server.ts');
  const options = { folder, certificateFile, ...IDS };
  await writeFile(
    program,
    `import { startDistribution } from ${JSON.stringify(join(import.meta.dirname, 'distribution.ts'))};
     const log = { debug() {}, info() {}, warn() {}, error() {} };
     await startDistribution({ ...${JSON.stringify(options)}, log });
     console.log('ready');
     setInterval(() => {}, 1000);`,
  );
  const server = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  context.after(() => server.kill('SIGKILL'));
  await once(createInterface({ input: server.stdout }), 'line');
  const pid = await pidOf(folder);
  server.kill('SIGKILL');
  await once(server, 'exit');
  while (isAlive(pid)) await sleep(20);
});

test('writes paths with any character into the configuration', () => {
  const text = distributionConfig({
    folder: '/data/a "b": #c',
    certificateFile: '/x.pem',
    ...IDS,
    port: 5000,
    httpSecret: 'h',
  });
  assert.match(text, /"rootdirectory": "\/data\/a \\"b\\": #c\/storage"/);
  // Only a token of the server itself allows a deletion. No client gets one: see `routes/registry-rights.ts`.
  assert.deepEqual(JSON.parse(text).storage.delete, { enabled: true });
});

async function temporaryFolder(context: { after(end: () => unknown): void }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-distribution-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function pidOf(folder: string): Promise<number> {
  const { stdout } = await promisify(execFile)('pgrep', ['-f', `docker-registry serve ${folder}/`]);
  return Number(stdout.trim());
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
