import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readApiError } from './api-call-error.ts';

test('reads the error body of the API', () => {
  const body = { RequestId: 'R', HostId: 'h', Code: 'REPO_NOT_EXIST', Message: 'no', Recommend: 'look' };
  const error = readApiError(404, JSON.stringify(body));
  const { code, status, message, requestId, recommend } = error;
  assert.deepEqual([code, status, message, requestId, recommend], ['REPO_NOT_EXIST', 404, 'no', 'R', 'look']);
});

test('a denial names the resource as a policy would: * for what the call did not name', () => {
  const AccessDeniedDetail = {
    AuthAction: 'cr:GetRepository',
    AuthResource: 'acs:cr:local:1:repository/cri-1/{NamespaceName}/app',
  };
  const { deniedAction, deniedResource } = readApiError(
    403,
    JSON.stringify({ Code: 'NoPrivilege', AccessDeniedDetail }),
  );
  assert.deepEqual([deniedAction, deniedResource], ['cr:GetRepository', 'acs:cr:local:1:repository/cri-1/*/app']);
});

test('reports a body that is not an error of the API', () => {
  for (const body of ['<html>Bad gateway</html>', '', 'null', '"text"', '{"Message":"no code"}']) {
    const error = readApiError(502, body);
    assert.equal(error.code, 'UnreadableReply', body);
    assert.equal(error.status, 502);
  }
});
