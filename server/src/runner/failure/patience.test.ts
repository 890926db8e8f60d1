import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreUnreachable } from '#blob/blob.ts';
import { DatabaseUnavailable } from '#db/database-unavailable.ts';
import { RegistryError } from '#registry/foreign/registry-error.ts';
import { cancelled } from './build-failed.ts';
import { patiently, storagePatiently } from './patience.ts';

const away = new Error('end a build', { cause: new DatabaseUnavailable('ask the database') });

test('a build waits for a database, a storage or a registry that is away, but not forever, and for no other error', async () => {
  let asked = 0;
  let nowMs = 0;
  let mayWait = true;
  let fail: (asked: number) => unknown;
  const ask = async () => {
    asked += 1;
    const error = fail(asked);
    if (error !== undefined) throw error;
    return true;
  };
  const patience = { monotonicMs: () => nowMs, mayWait: () => mayWait };
  for (const error of [away, new StoreUnreachable('x'), new RegistryError('unreachable', 'x')]) {
    asked = 0;
    fail = (times) => (times < 2 ? error : undefined);
    assert.equal(await patiently(ask, patience), true);
    assert.equal(asked, 2);
  }
  for (const error of [new Error('other'), new RegistryError('refused', 'x')]) {
    fail = () => error;
    await assert.rejects(patiently(ask, patience), error);
  }
  fail = () => {
    nowMs += 700_000;
    return away;
  };
  await assert.rejects(patiently(ask, patience), away);
  fail = () => {
    mayWait = false;
    return away;
  };
  await assert.rejects(patiently(ask, patience), away);
});

test('a wait for the storage is one line of the log, and ends when the build is cancelled', async () => {
  const abort = new AbortController();
  const said: string[] = [];
  let asked = 0;
  const ask = async () => {
    asked += 1;
    if (asked === 2) abort.abort(cancelled());
    throw new StoreUnreachable('x');
  };
  const build = { signal: abort.signal, say: async (line: string) => void said.push(line) };
  await assert.rejects(storagePatiently(build, 'pushing the image', ask), { kind: 'cancelled' });
  assert.deepEqual(said, [
    'pushing the image has to wait: the storage of this server does not answer now; it is tried again for up to 10 minutes',
  ]);
});
