import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApiUnderTest } from '#native/testing/api.ts';
import type { Card } from '#rpc/native-types.gen.ts';

test('finds the first line that looks like an error even after a colour code', async (t) => {
  const api = await startApiUnderTest(t);
  const id = await api.beginBuild();
  const writer = await api.means.logbook.create(id);
  for (const line of [
    'header',
    'no errorless mferror',
    '\u001b[1;31m\u001b[Kfatal: expected 4, got 5\u001b[0m',
    'Error: exit 2',
  ])
    await writer.line(line);
  await writer.seal({ verdict: 'complete' });
  const failure = JSON.stringify({ fault: 'source', message: 'step 3 failed' });
  await api.means.db.updateTable('build_record').set({ status: 'FAILED', ended_ms: 1, failure }).execute();
  const headers = { authorization: api.authorization };
  const reply = await fetch(`${api.endpoint}/api/v1/builds/${id}/card`, { headers });
  const { ErrorLine, Summary } = (await reply.json()) as Card;
  assert.equal(ErrorLine?.LineNumber, 3);
  assert.equal(Summary, 'step 3 failed', 'a record from before there were summaries');
});
