import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { vendorClients } from '../support/api/vendor-clients.ts';
import { buildKey, readLogWith } from '../support/log-reader.ts';
import { firstUuid, pairOf, printedLines, ROOT, slipway, startServer, temporaryFolder } from '../support/slipway.ts';

test('an empty clone with an empty HOME and npm cache sets itself up, builds, and builds again', async (t) => {
  if (process.env.SLIPWAY_TEST_LONG !== '1') {
    t.skip('reinstalls every npm package: runs with SLIPWAY_TEST_LONG=1');
    return;
  }
  // Only root can open the folder, like root's home.
  const folder = temporaryFolder(t);
  const clone = join(folder, 'slipway');
  execFileSync('git', ['clone', '--quiet', ROOT, clone]);
  const env = { HOME: join(folder, 'home'), npm_config_cache: join(folder, 'npm'), PATH: plainPath() };
  mkdirSync(env.HOME);
  const launcher = join(clone, 'slipway');
  const sinceMs = performance.now();
  const first = await slipway(['build', 'examples/hello'], { cwd: clone, env, launcher });
  t.diagnostic(
    `the first command, on a machine that has the packages and the builder, took ${((performance.now() - sinceMs) / 1000).toFixed(1)} s`,
  );
  assert.equal(first.code, 0, first.stdout + first.stderr);
  const again = await slipway(['build', 'examples/hello'], { cwd: clone, env, launcher });
  assert.equal(again.code, 0, again.stdout + again.stderr);
  assert.equal(again.stderr, '', 'once set up, it is silent');
  const failing = await slipway(['build', 'examples/failing'], { cwd: clone, env, launcher });
  assert.equal(failing.code, 1, failing.stdout + failing.stderr);

  const server = await startServer(t, { dataFolder: join(clone, 'data'), env, launcher });
  const target = { ...pairOf(server.root), host: new URL(server.root.Endpoint).host };
  for (const built of [first, again, failing]) {
    const key = await buildKey(server.client, firstUuid(built.stdout));
    for (const client of vendorClients(target))
      assert.deepEqual(await readLogWith(client, key), printedLines(built.stdout), `read with ${client.name}`);
  }
});

/** PATH without this checkout's Node: the clone must find its own. */
function plainPath(): string {
  return (process.env.PATH ?? '')
    .split(':')
    .filter((folder) => !folder.startsWith(ROOT))
    .join(':');
}
