import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';

import { nodeDisk } from '../disk/disk.ts';
import { logFiles } from '../disk/log-files.ts';
import { openLogbook, temporaryFolder } from '../testing/logbook.ts';
import { testJournal } from './journal.contract.ts';
import { LocalJournal } from './local-journal.ts';

testJournal('local', (t) => {
  const folder = temporaryFolder(t);
  // A logbook makes the folder of a log.
  mkdirSync(logFiles(folder, 'log-1').folder, { recursive: true });
  return () => new LocalJournal(nodeDisk, folder);
});

test('resumes a log for a writer of its epoch or a higher one, and for no other', async (t) => {
  const { logbook } = await openLogbook(t);
  await (await logbook.create('log-1', 3)).release();
  await assert.rejects(logbook.resume('log-1', 2), /epoch 3, which is higher than 2/);
  await (await logbook.resume('log-1', 3)).release();
  await (await logbook.resume('log-1', 5)).release();
  await assert.rejects(logbook.resume('log-1', 4), /epoch 5, which is higher than 4/);
  await (await logbook.resume('log-1')).release();
});
