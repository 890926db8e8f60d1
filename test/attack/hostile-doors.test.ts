import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { chanceOf } from '../support/chance.ts';
import { openHostileDoors } from '../support/hostile/doors.ts';
import { watchLoop } from '../support/hostile/loop-watch.ts';
import { hostileDockerfile } from '../support/hostile/texts.ts';
import { isFinal, waitForStatus } from '../support/log-reader.ts';
import { queueBuild } from '../support/queue-build.ts';
import { native, startServer } from '../support/slipway.ts';

const isLong = process.env.SLIPWAY_TEST_LONG === '1';
const KNOCKS = isLong ? 2100 : 70;
const BUILDS = isLong ? 8 : 0;
/** Shorter texts are parsed on the server's own thread. */
const DOCKERFILE_CHARS = [900_000, 15_000];
/** How long the server's thread may compute while a health check waits: see support/loop-watch.ts. */
const LOOP_LIMIT_MS = 250;

test(`${KNOCKS} hostile texts at every entry point${isLong ? ' and hostile Dockerfiles' : ''} keep nobody else waiting`, async (t) => {
  const server = await startServer(t);
  // SLIPWAY_TEST_SEED=N repeats the texts of a run.
  const seed = Number(process.env.SLIPWAY_TEST_SEED ?? randomInt(2 ** 31));
  const chance = chanceOf(seed);
  const doors = await openHostileDoors(server, seed);
  // Compiling code for the first time costs more than any text.
  for (let i = 0; i < 30; i++) await doors.knock();
  const watch = watchLoop(server.root.Endpoint, server.child.pid ?? 0);
  const knocked = new Map<string, number>();
  const builds = Array.from({ length: BUILDS }, async () => {
    const key = await queueBuild(t, server, { Dockerfile: hostileDockerfile(chance, chance.pick(DOCKERFILE_CHARS)) });
    const status = await waitForStatus(server.client, key, isFinal);
    const { Failure } = await native(server.client, `/api/v1/builds/${key.BuildRecordId}`);
    const { Fault = 'none', Message } = (Failure ?? {}) as { Fault?: string; Message?: string };
    return { status, fault: Fault, message: Message };
  });
  for (let i = 0; i < KNOCKS; i++) {
    const { door } = await doors.knock();
    knocked.set(door, (knocked.get(door) ?? 0) + 1);
  }
  for (const { status, fault, message } of await Promise.all(builds)) {
    const isTheirs = status === 'SUCCESS' || fault === 'source' || fault === 'settings';
    assert.ok(isTheirs, `${status}, ${fault}: ${message} (seed ${seed})`);
  }
  const { longestMs, answers } = await watch.stop();
  assert.equal(knocked.size, 7, JSON.stringify([...knocked]));
  assert.ok(answers > 0);
  assert.ok(longestMs < LOOP_LIMIT_MS, `${longestMs} ms of the server's thread before an answer (seed ${seed})`);
});
