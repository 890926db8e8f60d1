import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMemoryDatabase } from '#db/database.ts';
import { CallRecord, type RecordedCall } from './call-record.ts';

const MINUTE_MS = 60_000;
const call: RecordedCall = {
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

async function open(options: { nowMs?: () => number; keepMs?: number } = {}) {
  const db = await openMemoryDatabase();
  const faults: unknown[] = [];
  const record = new CallRecord({
    db,
    now: options.nowMs ?? (() => call.timeMs),
    keepMs: options.keepMs ?? Number.MAX_SAFE_INTEGER,
    onFault: (error) => faults.push(error),
  });
  const rows = () => db.selectFrom('call_record').selectAll().orderBy('sequence').execute();
  return { db, record, rows, faults, [Symbol.asyncDispose]: () => db.destroy() };
}

test('writes and denials stand in the record one by one, without being asked to be written', async () => {
  await using it = await open();
  it.record.note({ ...call, reads: false, requestId: 'W' });
  it.record.note({ ...call, denied: true, requestId: 'D', code: 'NoPrivilege' });
  while ((await it.rows()).length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  const [write, denial] = await it.rows();
  assert.deepEqual([write?.request_id, write?.denied, write?.calls], ['W', 0, 1]);
  assert.deepEqual([denial?.request_id, denial?.denied, denial?.code], ['D', 1, 'NoPrivilege']);
});

test('allowed reads are counted by caller, action and minute', async () => {
  let nowMs = call.timeMs;
  await using it = await open({ nowMs: () => nowMs });
  for (let i = 0; i < 1000; i++) it.record.note(call);
  it.record.note({ ...call, callerArn: 'acs:ram::1:user/v' });
  it.record.note({ ...call, timeMs: call.timeMs + MINUTE_MS });
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

test('a batch that could not be written is told, and written once when the database is back', async () => {
  await using it = await open();
  await it.db.schema.alterTable('call_record').renameTo('away').execute();
  it.record.note({ ...call, reads: false });
  await it.record.flush();
  assert.equal(it.faults.length, 1);
  await it.db.schema.alterTable('away').renameTo('call_record').execute();
  await it.record.flush();
  await it.record.close();
  assert.equal((await it.rows()).length, 1);
});

test('forgets what is older than it is to be kept', async () => {
  let nowMs = call.timeMs;
  await using it = await open({ nowMs: () => nowMs, keepMs: 2 * MINUTE_MS });
  it.record.note({ ...call, reads: false });
  await it.record.flush();
  nowMs += 61 * MINUTE_MS;
  it.record.note({ ...call, reads: false, timeMs: nowMs });
  await it.record.flush();
  assert.deepEqual(
    (await it.rows()).map(({ time_ms }) => time_ms),
    [nowMs],
  );
});
