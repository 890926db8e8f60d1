import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database } from '#db/database.ts';
import { openTwiceUnderTest } from '#db/testing/tested-database.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { SignInGate } from './sign-in-gate.ts';

const wrong = async () => {
  throw new ApiError('IncorrectPassword', 403, 'wrong');
};
const guess = async (gate: SignInGate, address: string, name: string) => {
  const error = await gate.pass(address, name, wrong).catch((error: unknown) => error);
  return error instanceof ApiError ? error.code : error;
};
const pass = (db: Database, ms: number) =>
  db
    .updateTable('sign_in_attempt')
    .set((eb) => ({ until_ms: eb('until_ms', '-', ms) }))
    .execute();

test('wrong passwords count at all servers with one database, for a name and for an address, for five minutes', async () => {
  await using database = await openTwiceUnderTest();
  const [db, other] = database.both;
  const gates = [new SignInGate(db), new SignInGate(other)] as const;
  for (let at = 0; at < 10; at += 1)
    assert.equal(await guess(gates[at % 2 ? 0 : 1], '192.0.2.1', 'ann'), 'IncorrectPassword');
  for (const gate of gates) assert.equal(await guess(gate, '192.0.2.1', 'ann'), 'Throttling');
  await assert.rejects(gates[0].refuse('192.0.2.1', 'ann'), (error: ApiError) => {
    assert.ok(error.retryAfterMs !== undefined && error.retryAfterMs > 240_000 && error.retryAfterMs <= 300_000);
    return error.status === 429;
  });
  assert.equal(await gates[0].pass('192.0.2.1', 'bob', async () => 'in'), 'in');
  assert.equal(await gates[1].pass('192.0.2.2', 'ann', async () => 'in'), 'in');
  for (let at = 0; at < 40; at += 1) assert.equal(await guess(gates[0], '192.0.2.1', `user${at}`), 'IncorrectPassword');
  await assert.rejects(gates[1].refuse('192.0.2.1', 'bob'), { code: 'Throttling' });

  await pass(db, 300_001);
  assert.equal(await guess(gates[1], '192.0.2.1', 'ann'), 'IncorrectPassword');
  for (let at = 0; at < 9; at += 1) await guess(gates[0], '192.0.2.3', `${'x'.repeat(5000)}${at}`);
  await pass(db, 300_001);
  for (let at = 0; at < 8; at += 1) await guess(gates[0], '192.0.2.4', 'ann');
  const { length } = await db.selectFrom('sign_in_attempt').selectAll().execute();
  assert.equal(length, 2, 'old ones are removed');
});
