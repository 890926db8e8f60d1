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

test('a stage that failed is told by the line in which the server says why, not by the line that ends the stage', async (t) => {
  const api = await startApiUnderTest(t);
  const id = await api.beginBuild();
  const writer = await api.means.logbook.create(id);
  const reason = 'the source host 10.0.0.1 is denied';
  for (const line of [
    'header',
    'fetch stage begin',
    'fatal: forged by the host',
    reason,
    'fetch stage failed after 0.05 s',
  ])
    await writer.line(line);
  await writer.seal({ verdict: 'complete' });
  const headers = { authorization: api.authorization };
  const cardWith = async (failure: object) => {
    const text = JSON.stringify({ fault: 'settings', message: reason, ...failure });
    await api.means.db.updateTable('build_record').set({ status: 'FAILED', ended_ms: 1, failure: text }).execute();
    return (await (await fetch(`${api.endpoint}/api/v1/builds/${id}/card`, { headers })).json()) as Card;
  };
  const card = await cardWith({ kind: 'source-address-denied', line: 4, facts: { host: '10.0.0.1' } });
  assert.deepEqual([card.ErrorLine?.LineNumber, card.IsGuess], [4, false]);
  assert.equal(card.Whose, 'A setting, limit or rule of this server ended the build, not the source.');
  assert.equal(card.Fixes.at(-1)?.Setting, 'allow-addresses');
  const stopped = async () => (await cardWith({ kind: 'server-stopped' })).Fixes.map(({ Command }) => Command);
  assert.deepEqual(await stopped(), [`slipway rebuild ${id}`]);
  const source = JSON.stringify({ kind: 'archive', archiveId: 'a', name: 'app' });
  await api.means.db.updateTable('build_record').set({ source }).execute();
  const [again = ''] = await stopped();
  assert.match(again, /^slipway build FOLDER --tag [\w/.-]+:[\w.-]+$/, 'a sent folder is not kept');
  const older = await cardWith({});
  assert.deepEqual([older.ErrorLine?.LineNumber, older.IsGuess, older.Fixes], [3, true, []]);
});
