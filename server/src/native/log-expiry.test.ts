import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogRetention } from '#build/logs/log-retention.ts';
import { failureCard } from '#log/failure-card.ts';
import { startApiUnderTest } from './testing/api.ts';

const NEEDS_LINES = [
  'log',
  'log.txt',
  'log.ndjson',
  'log.ndjson.gz',
  'log/stream',
  'log/search?q=x',
  'log/sections',
  'log/verify',
  'diff',
];

test('keeps record, seal and failure card of an expired log, and reports for everything else that it expired', async (t) => {
  const api = await startApiUnderTest(t);
  const { db, logbook } = api.means;
  const id = await api.beginBuild();
  const get = async (path: string) => {
    const headers = { authorization: api.authorization };
    const response = await fetch(`${api.endpoint}/api/v1/builds/${id}${path}`, { headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const writer = await logbook.create(id);
  for (const line of ['header', 'fetch stage begin', 'error: no such branch']) await writer.line(line);
  await writer.seal({ verdict: 'partial', reason: 'an example' });
  const failure = JSON.stringify({ fault: 'source', message: 'no such branch' });
  await db.updateTable('build_record').set({ status: 'FAILED', ended_ms: Date.now(), failure }).execute();
  const [build, card, seal] = [await get(''), await get('/card'), await get('/log/seal')];

  const program = { command: 'rg', environment: { PATH: '/usr/local/bin:/usr/bin:/bin' } };
  await new LogRetention({
    db,
    logbook,
    limits: { totalBytes: 1 },
    now: Date.now,
    cardOf: (record) => failureCard(api.means, program, record),
    report: (message, error) => assert.fail(`${message}: ${error}`),
  }).sweep();

  for (const path of NEEDS_LINES) {
    const { status, body } = await get(`/${path}`);
    assert.deepEqual([path, status, body.Code], [path, 404, 'BUILD_LOG_EXPIRED']);
    assert.match(String(body.Message), /expired on \d{4}-\d\d-\d\d\.$/);
  }
  const now = { build: await get(''), card: await get('/card'), seal: await get('/log/seal') };
  const { LogExpireTime } = now.build.body;
  assert.ok(Number(LogExpireTime) > 0);
  const same = (before: typeof build, after: typeof build, more: object) =>
    assert.deepEqual({ ...after.body, RequestId: '' }, { ...before.body, RequestId: '', ...more });
  same(build, now.build, { LogExpireTime });
  same(seal, now.seal, { LogExpireTime });
  same(card, now.card, {});
  assert.equal((card.body.ErrorLine as { LineNumber: number }).LineNumber, 3);
});
