import { test } from 'node:test';

import { noPowerToCut, powerCutCycle } from '../support/power-cut.ts';

const CUTS = process.env.SLIPWAY_TEST_LONG === '1' ? 50 : 5;

test('a power cut loses no acknowledged log line and no committed SQLite row', {
  skip: noPowerToCut,
}, async (t) => {
  let acknowledgedLines = 0;
  let committedRows = 0;
  for (let cut = 0; cut < CUTS; cut += 1) {
    const cycle = await powerCutCycle(Math.random);
    acknowledgedLines += cycle.acknowledgedLines;
    committedRows += cycle.committedRows;
  }
  t.diagnostic(`${CUTS} power cuts: ${acknowledgedLines} lines and ${committedRows} rows acknowledged, none lost`);
});
