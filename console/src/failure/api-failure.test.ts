import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { tellFailure } from './api-failure.ts';

test('a refusal of a call that named no repository shows * where a policy would, not a placeholder', () => {
  const error = new ApiCallError({
    message: 'Access denied for this user.',
    requestId: '1',
    code: 'NoPrivilege',
    status: 403,
    deniedAction: 'cr:GetRepository',
    deniedResource: 'acs:cr:local:1:repository/cri-1/{NamespaceName}/{RepoName}',
  });
  assert.deepEqual(tellFailure(error).denied, {
    action: 'cr:GetRepository',
    resource: 'acs:cr:local:1:repository/cri-1/*/*',
  });
});
