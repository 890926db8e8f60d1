import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnreachableLog } from '@slipway/logbook';
import { StoreUnreachable } from '#blob/blob.ts';
import { DatabaseUnavailable } from '#db/database-unavailable.ts';
import { replyError } from './reply-error.ts';

test('what fails because the database cannot answer now is 503, and is not told what the database said', () => {
  const cause = new DatabaseUnavailable('ask the database', { cause: new Error('secret of the database') });
  const { answer, fault } = replyError(new Error('list builds', { cause }));
  assert.deepEqual([answer.code, answer.status], ['ServiceUnavailable', 503]);
  assert.doesNotMatch(answer.message, /secret/);
  assert.equal((fault as Error).cause, cause);
});

test('what fails because the store of logs cannot answer now is 503, and is not told what the store said', () => {
  const cause = new UnreachableLog('log.idx of logs/x cannot be read now', { cause: new Error('secret of the store') });
  const { answer, fault } = replyError(new Error('open log x', { cause }));
  assert.deepEqual([answer.code, answer.status], ['ServiceUnavailable', 503]);
  assert.doesNotMatch(answer.message, /secret|logs\/x/);
  assert.equal((fault as Error).cause, cause);
});

test('what fails because the store of images and files cannot answer now is 503, and is not told what the store said', () => {
  const cause = new StoreUnreachable('http://store did not write sources/x');
  const { answer, fault } = replyError(new Error('keep x', { cause }));
  assert.deepEqual([answer.code, answer.status], ['ServiceUnavailable', 503]);
  assert.doesNotMatch(answer.message, /store did|sources\/x/);
  assert.equal((fault as Error).cause, cause);
});
