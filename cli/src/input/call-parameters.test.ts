import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkCall } from './call-parameters.ts';

test('a call names all missing parameters at once, takes the instance from the server, and says what the operation does not have', () => {
  assert.throws(
    () => checkCall('GetRepoBuildRecordStatus', {}),
    /^CliError: GetRepoBuildRecordStatus needs (BuildRecordId=VALUE RepoId=VALUE|RepoId=VALUE BuildRecordId=VALUE)$/,
  );
  assert.throws(
    () => checkCall('CancelRepoBuildRecord', { RepoID: 'x', BuildRecordId: 'y' }),
    /needs RepoId=VALUE; .*has no parameter RepoID \(Did you mean RepoId\?\)/,
  );
  assert.deepEqual(checkCall('ListNamespace', {}), { needsInstance: true, remarks: [] });
  assert.deepEqual(checkCall('ListNamespace', { InstanceId: 'cri-1' }), { needsInstance: false, remarks: [] });
  assert.deepEqual(checkCall('ListInstance', { PageNum: '1' }).remarks, [
    'ListInstance has no parameter PageNum (Did you mean PageNo?)',
  ]);
  assert.throws(
    () => checkCall('ListInstances', {}),
    /there is no operation ListInstances \(Did you mean ListInstance\?\)/,
  );
  assert.deepEqual(checkCall('SomethingNewer', {}), { needsInstance: false, remarks: [] });
  const rule = { PushName: 'main', PushType: 'GIT_BRANCH', ImageTag: 'v1', RepoId: 'r', 'BuildArgs.1': 'a=b' };
  assert.deepEqual(checkCall('CreateRepoBuildRule', rule), { needsInstance: true, remarks: [] });
});
