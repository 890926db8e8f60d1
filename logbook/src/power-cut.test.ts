import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { fastFolder } from './testing/logbook.ts';
import { cutAndRecover, runUntilCut } from './testing/power-cut-life.ts';

const SURVIVALS = process.env.SLIPWAY_TEST_LONG === '1' ? 40 : 3;

test('a power cut at any act loses and alters no acknowledged line, no matter what else survives', async (context) => {
  const { acts } = await runUntilCut(fastFolder(context), 0);
  assert.ok(acts > 35, `only ${acts} acts`);
  for (let cutAt = 1; cutAt < acts; cutAt += 1) {
    const life = await runUntilCut(fastFolder(context), cutAt);
    for (let survival = 0; survival < SURVIVALS; survival += 1) {
      await cutAndRecover(life, join(fastFolder(context), 'logs'), cutAt, cutAt * SURVIVALS + survival);
    }
  }
});
