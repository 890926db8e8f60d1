import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { postgresFolder } from '../../server/src/db/testing/postgres-server.ts';
import { runKillRounds } from '../support/kills/kill-rounds.ts';
import { MOMENTS, VICTIMS } from '../support/kills/moments.ts';

const skip =
  process.env.SLIPWAY_TEST_LONG !== '1' || process.getuid?.() !== 0
    ? 'kills servers, PostgreSQL and OpenStack Swift: runs as root with SLIPWAY_TEST_LONG=1'
    : postgresFolder() === undefined && 'needs PostgreSQL: apt-get install postgresql';

// Each moment with each victim comes at least twice.
const ROUNDS = 200;
/** A round takes five seconds, and twice that beside other tests. One that hangs ends by itself. */
const LIMIT_MS = 3_600_000;

test(`kill -9 of server, PostgreSQL or store at each moment of a build, ${ROUNDS} times: nothing shown is lost or changed, no status moves back, and each build has one effect in the registry`, {
  skip,
  timeout: LIMIT_MS,
}, async (t) => {
  const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
  const done = await runKillRounds(t, { rounds: ROUNDS, seed });
  t.diagnostic(`seed ${seed}: ${JSON.stringify(done)}`);
  assert.ok(ROUNDS >= 2 * MOMENTS.length * VICTIMS.length);
  assert.deepEqual(done.unreached, []);
});
