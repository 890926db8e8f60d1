import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chownSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { SHOWN_LAUNCHER, shown } from '../support/other-user.ts';
import { cleanEnvironment, ROOT, slipway, startServer, temporaryFolder } from '../support/slipway.ts';

test('Node keeps compiled code for the next start in a folder that only its user can write', async () => {
  assert.equal((await slipway(['version'])).code, 0);
  const folder = join(ROOT, 'node_modules', '.cache', 'slipway');
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  assert.ok(entries.length > 1, 'nothing was cached');
  for (const place of [folder, ...entries]) {
    // Another start may be renaming its entries into place.
    const found = statSync(place, { throwIfNoEntry: false });
    if (found === undefined) continue;
    assert.equal(found.mode & 0o022, 0, `${place} is open to others`);
    assert.ok(found.uid === 0 || found.uid === process.getuid?.(), `${place} belongs to another user`);
  }
});

test('a user who cannot write to the packages has a cache of their own, and writes nothing elsewhere', {
  skip: process.getuid?.() !== 0 && 'needs root, to become another user',
}, (t) => {
  const home = temporaryFolder(t);
  chownSync(home, 65534, 65534);
  const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups'];
  const env = cleanEnvironment({ HOME: home, XDG_CACHE_HOME: '' });
  const [program = '', ...args] = shown(['setpriv', ...NOBODY, SHOWN_LAUNCHER, 'version']);
  execFileSync(program, args, { env });
  assert.deepEqual(readdirSync(home), ['.cache']);
  const entries = readdirSync(join(home, '.cache/slipway'), { recursive: true });
  assert.ok(entries.length > 1, 'nothing was cached');
});

// undici and Fastify load these two only once the server is a plain user, who may not write the cache.
const LATER = ['llhttp_simd-wasm.js', 'logger-pino.js'];

test('a server finds the code of its files compiled by the start before', {
  skip: process.env.SLIPWAY_TEST_LONG !== '1' && 'runs in the longer tier',
}, async (t) => {
  await (await startServer(t)).stop();
  const server = await startServer(t, { env: { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' } });
  await server.stop();
  assert.match(server.stderr(), /reading cache from .*main\.js.* success/);
  const compiled = [...server.stderr().matchAll(/cache of (\S+) .*failed/g)].map(([, file = '']) => basename(file));
  assert.deepEqual(
    compiled.filter((file) => !LATER.includes(file)),
    [],
  );
});
