import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { type FuzzFigures, fuzzGateway } from '../support/hostile/fuzz-gateway.ts';

const REQUESTS = process.env.SLIPWAY_TEST_LONG === '1' ? 50_000 : 2_500;
const GROWTH_LIMIT_BYTES = 40 * 1024 * 1024;

test(`${REQUESTS} fuzzed requests: each is answered, none with a server fault, and memory does not grow`, async () => {
  const figures: FuzzFigures[] = [];
  const seed = randomInt(2 ** 31);
  await fuzzGateway({ requests: REQUESTS, seed, every: REQUESTS / 5 }, (one) => figures.push(one));
  const [first, last] = [figures[0], figures.at(-1)];
  const seen = JSON.stringify([...(last?.statuses ?? [])]);
  for (const status of [200, 400, 404]) assert.ok((last?.statuses.get(status) ?? 0) > 0, `${seen} (seed ${seed})`);
  // The first fifth fills caches and compiles code; growth after that is a leak.
  const grownBytes = (last?.heapBytes ?? 0) - (first?.heapBytes ?? 0);
  assert.ok(grownBytes < GROWTH_LIMIT_BYTES, `${grownBytes} bytes (seed ${seed})`);
});
