import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { perEngine } from '#db/engine.ts';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { CallRecord } from './call-record.ts';
import type { RecordedCall } from './recorded-call.ts';

const MINUTE_MS = 60_000;
const CALL: RecordedCall = {
  timeMs: 10 * MINUTE_MS + 1,
  requestId: 'R',
  callerArn: 'acs:ram::1:user/u',
  accessKeyId: 'k',
  action: 'cr:GetInstance',
  resource: '*',
  sourceIp: '10.0.0.1',
  reads: true,
  denied: false,
  code: 'success',
};

async function open(options: { nowMs?: () => number; keepMs?: number; keepRows?: number } = {}) {
  const db = await openDatabaseUnderTest();
  const faults: unknown[] = [];
  const record = new CallRecord({
    db,
    now: options.nowMs ?? (() => CALL.timeMs),
    keepMs: options.keepMs ?? Number.MAX_SAFE_INTEGER,
    keepRows: options.keepRows ?? Number.MAX_SAFE_INTEGER,
    onFault: (error) => faults.push(error),
  });
  const rows = () => db.selectFrom('call_record').selectAll().orderBy('sequence').execute();
  return { db, record, rows, faults, [Symbol.asyncDispose]: () => db.destroy() };
}

test('writes and denials are recorded one by one, without an explicit flush', async () => {
  await using it = await open();
  it.record.note({ ...CALL, reads: false, requestId: 'W' });
  it.record.note({ ...CALL, denied: true, requestId: 'D', code: 'NoPrivilege' });
  while ((await it.rows()).length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  const [write, denial] = await it.rows();
  assert.deepEqual([write?.request_id, write?.denied, write?.calls], ['W', 0, 1]);
  assert.deepEqual([denial?.request_id, denial?.denied, denial?.code], ['D', 1, 'NoPrivilege']);
});

test('an allowed read that failed is recorded on its own and found by its RequestId', async () => {
  await using it = await open();
  it.record.note(CALL);
  it.record.note({ ...CALL, requestId: 'F', code: 'REPO_NOT_EXIST' });
  const found = await it.record.find('F');
  assert.deepEqual([found?.code, found?.callerArn, found?.count], ['REPO_NOT_EXIST', CALL.callerArn, 1]);
  assert.equal(await it.record.find('N'), undefined);
});

test('the last 10 000 unauthenticated calls are found by their RequestId, and none is written to disk', async () => {
  await using it = await open();
  for (let i = 0; i <= 10_000; i++)
    it.record.note({ ...CALL, callerArn: '', requestId: String(i), code: 'SignatureDoesNotMatch' });
  await it.record.close();
  assert.deepEqual(await it.rows(), []);
  assert.equal(await it.record.find('0'), undefined);
  assert.equal((await it.record.find('1'))?.code, 'SignatureDoesNotMatch');
  assert.equal((await it.record.find('10000'))?.sourceIp, '10.0.0.1');
});

test('allowed reads are counted by caller, action and minute', async () => {
  let nowMs = CALL.timeMs;
  await using it = await open({ nowMs: () => nowMs });
  for (let i = 0; i < 1000; i++) it.record.note(CALL);
  it.record.note({ ...CALL, callerArn: 'acs:ram::1:user/v' });
  it.record.note({ ...CALL, timeMs: CALL.timeMs + MINUTE_MS });
  await it.record.flush();
  assert.deepEqual(await it.rows(), [], 'the minute is not over');
  nowMs += MINUTE_MS;
  await it.record.flush();
  const counts = (await it.rows()).map(({ caller_arn, time_ms, calls }) => [caller_arn, time_ms, calls]);
  assert.deepEqual(counts, [
    ['acs:ram::1:user/u', 10 * MINUTE_MS, 1000],
    ['acs:ram::1:user/v', 10 * MINUTE_MS, 1],
  ]);
  await it.record.close();
  assert.equal((await it.rows()).length, 3);
});

test('a batch that could not be written is reported, and is written once when the database is back', async () => {
  await using it = await open();
  await it.db.schema.alterTable('call_record').renameTo('away').execute();
  it.record.note({ ...CALL, reads: false });
  await it.record.flush();
  assert.equal(it.faults.length, 1);
  await it.db.schema.alterTable('away').renameTo('call_record').execute();
  await it.record.flush();
  await it.record.close();
  assert.equal((await it.rows()).length, 1);
});

test('removes calls that are older than the retention time', async () => {
  let nowMs = CALL.timeMs;
  await using it = await open({ nowMs: () => nowMs, keepMs: 2 * MINUTE_MS });
  it.record.note({ ...CALL, reads: false });
  await it.record.flush();
  nowMs += 61 * MINUTE_MS;
  it.record.note({ ...CALL, reads: false, timeMs: nowMs });
  await it.record.flush();
  assert.deepEqual(
    (await it.rows()).map(({ time_ms }) => time_ms),
    [nowMs],
  );
});

test('removes the oldest rows above the row limit, without waiting for the hourly cleanup', async () => {
  await using it = await open({ keepRows: 100 });
  for (let batch = 0; batch < 30; batch++) {
    for (let i = 0; i < 10; i++) it.record.note({ ...CALL, reads: false, requestId: String(batch * 10 + i) });
    await it.record.flush();
  }
  const kept = (await it.rows()).map(({ request_id }) => Number(request_id));
  assert.deepEqual(
    kept,
    Array.from({ length: 100 }, (_, index) => 200 + index),
  );
});

test('a call is listed as soon as it has been answered', async () => {
  await using it = await open();
  it.record.note({ ...CALL, reads: false, requestId: 'W' });
  const { calls, next } = await it.record.list({ result: 'success' }, { limit: 10 });
  assert.deepEqual([calls.map(({ requestId }) => requestId), next], [['W'], undefined]);
});

test('a failure to remove old calls is reported, and no call is written twice', async () => {
  await using it = await open({ keepRows: 0 });
  const keep = perEngine({
    sqlite: sql`create trigger keep before delete on call_record begin select raise(abort, 'no'); end`,
    postgres: sql`create function refuse() returns trigger language plpgsql as 'begin raise division_by_zero; end';
      create trigger keep before delete on call_record for each row execute function refuse()`,
  });
  await keep.execute(it.db);
  it.record.note({ ...CALL, reads: false, requestId: 'first' });
  await it.record.flush();
  it.record.note({ ...CALL, reads: false, requestId: 'second' });
  await it.record.flush();
  assert.deepEqual(
    (await it.rows()).map(({ request_id }) => request_id),
    ['first', 'second'],
  );
  assert.match(String(it.faults[0]), /remove old calls/);
  await perEngine({ sqlite: sql`select 1`, postgres: sql`drop function refuse cascade` }).execute(it.db);
});
