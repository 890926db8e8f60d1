import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { killCycle } from './testing/killed.ts';
import { fastFolder } from './testing/logbook.ts';

const CYCLES = process.env.SLIPWAY_TEST_LONG === '1' ? 1000 : 20;

test('kill -9 at random moments and failpoints loses, duplicates and alters no acknowledged line', async (context) => {
  const folder = fastFolder(context);
  let acknowledgedLines = 0;
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    const own = join(folder, String(cycle));
    mkdirSync(own);
    acknowledgedLines += (await killCycle(own, cycle, Math.random)).acknowledgedLines;
  }
  assert.ok(acknowledgedLines > CYCLES * 50, `only ${acknowledgedLines} lines were acknowledged`);
  context.diagnostic(`${CYCLES} kills, ${acknowledgedLines} acknowledged lines, 0 lost`);
});
