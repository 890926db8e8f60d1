import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiCallError, readApiError } from '@slipway/client/api-call-error.ts';
import { mayAnswerLater, tellFailure } from './api-failure.ts';
import { NoAnswer, reach } from './reach.ts';

test('a refusal of a call that named no repository shows * where a policy would, not a placeholder', () => {
  const error = new ApiCallError({
    message: 'Access denied for this user.',
    requestId: '1',
    code: 'NoPrivilege',
    status: 403,
    deniedAction: 'cr:GetRepository',
    deniedResource: 'acs:cr:local:1:repository/cri-1/{NamespaceName}/{RepoName}',
  });
  assert.deepEqual(tellFailure(error, false).denied, {
    action: 'cr:GetRepository',
    resource: 'acs:cr:local:1:repository/cri-1/*/*',
  });
});

test('only a request without an answer is told as one, and says that it is tried again only if it is', async () => {
  const mistake = tellFailure(new TypeError('x is not a function'), true);
  assert.deepEqual(mistake, { title: 'Something failed in the console', detail: 'x is not a function' });
  assert.equal(mayAnswerLater(new TypeError('x is not a function')), false);
  // A port that no browser or client connects to.
  const error = await reach('http://127.0.0.1:1/').catch((thrown: unknown) => thrown);
  assert.ok(error instanceof NoAnswer);
  assert.equal(mayAnswerLater(error), true);
  assert.equal(tellFailure(error, true).detail, 'Trying again.');
  assert.equal(tellFailure(error, false).detail, 'Try again when it does.');
  assert.equal(tellFailure(readApiError(404, '{"Code":"X","Message":"m"}'), true).detail, 'm');
});
