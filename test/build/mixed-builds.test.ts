import assert from 'node:assert/strict';
import { test } from 'node:test';
import { residentBytes, runMixedBuilds } from '../support/projects/mixed-builds.ts';
import { startServer } from '../support/slipway.ts';

const COUNT = process.env.SLIPWAY_TEST_LONG === '1' ? 100 : 4;
/** How much a server may grow while many builds run: far less than their logs or sources. */
const GROWTH_LIMIT_BYTES = 200 * 2 ** 20;

test(`${COUNT} mixed builds (good, failing, cancelled and killed) all start in their turn, end as expected, and leave nothing`, async (t) => {
  const server = await startServer(t, { flags: ['--concurrent-builds', '4'] });
  const before = residentBytes(server.child.pid);
  await runMixedBuilds(t, server, COUNT);
  const grown = residentBytes(server.child.pid) - before;
  assert.ok(grown < GROWTH_LIMIT_BYTES, `the server grew by ${grown} bytes`);
});
