import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insertBuildRecordUnderTest } from '../../../server/src/build/testing/insert-build-record.ts';
import { startGatewayUnderTest } from '../../../server/src/gateway/testing/gateway.ts';
import { documentsOf, runLines, succeeded } from '../testing/run-lines.ts';

const ID = 'abcd1000-0000-4000-8000-000000000001';

test('slipway show shows what a build is and why it waits, and slipway whoami whose key is used at which server', async () => {
  await using gateway = await startGatewayUnderTest();
  await succeeded(await runLines(gateway, ['namespace create team', 'repo create team/app']));
  const { db } = gateway.means;
  const { repo_id: repoId } = await db.selectFrom('repository').select('repo_id').executeTakeFirstOrThrow();
  const key = { instanceId: gateway.instanceId, repoId, buildRecordId: ID, createdMs: 1000 };
  await insertBuildRecordUnderTest(db, key);
  const lines = ['show abcd', 'show team/app --json', 'show beef', 'whoami', 'whoami --json'];
  const [shown, json, none, me, meJson] = await runLines(gateway, lines);
  assert.match(shown?.stdout ?? '', new RegExp(`^build +${ID}\nstatus +PENDING\nwaits +the build is waiting`));
  assert.match(shown?.stdout ?? '', /^image +team\/app:/m);
  assert.match(shown?.stdout ?? '', /^started by +Request$/m);
  assert.match(shown?.stdout ?? '', /^requested +1970-01-01T00:00:01Z$/m);
  const [document] = json === undefined ? [] : documentsOf(json);
  assert.deepEqual([document?.BuildRecordId, document?.Status, document?.RequestId], [ID, 'PENDING', undefined]);
  assert.deepEqual([none?.code, none?.stdout], [3, '']);
  assert.match(me?.stdout ?? '', new RegExp(`^you +root\n[^]*^server +${gateway.endpoint}$`, 'm'));
  const [who] = meJson === undefined ? [] : documentsOf(meJson);
  assert.deepEqual([who?.InstanceId, who?.AccessKeyId], [gateway.instanceId, gateway.accessKeyId]);
});
