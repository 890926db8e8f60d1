import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callAs, type KeyUnderTest, makeUser, owner, policy } from '../../server/src/gateway/testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../server/src/gateway/testing/gateway.ts';
import { type Action, operationSpecs } from '../../server/src/rpc/spec.gen.ts';
import { assertGolden } from '../support/api/golden-file.ts';
import { sampleParams } from '../support/api/sample-params.ts';

const everything = policy('Allow', '*') as { Statement: object[] };
const noLog = policy('Deny', 'cr:GetRepositoryBuildLog') as { Statement: object[] };

test('every user may do exactly the actions in the golden file', async () => {
  await using gateway = await startGatewayUnderTest();
  const callers = await makeCallers(gateway);
  const actions = Object.keys(operationSpecs) as Action[];
  const rows = [`${'action'.padEnd(42)} ${Object.keys(callers).join(' ')}\n`];
  const nobodyMay: string[] = [];
  for (const action of actions) {
    const params = sampleParams(action, { InstanceId: gateway.instanceId });
    let row = action.padEnd(42);
    for (const [name, key] of Object.entries(callers)) {
      const { body } = await callAs(gateway, key, action, params);
      assert.notEqual(body.Code, 'InvalidParameter', `${action}: ${body.Message}`);
      const denied = body.AccessDeniedDetail !== undefined;
      row += ` ${(denied ? '.' : 'may').padEnd(name.length)}`;
      if (name === 'nobody' && !denied) nobodyMay.push(action);
      if (name === 'owner') assert.ok(!denied, action);
    }
    rows.push(`${row.trimEnd()}\n`);
  }
  assert.deepEqual(nobodyMay, ['ChangePassword', 'GetCallerIdentity']);
  await assertGolden('user-action-matrix.txt', rows.join(''));
  assert.deepEqual(gateway.faults, []);
});

/** One caller for each kind of permission; the names are the columns. */
async function makeCallers(gateway: GatewayUnderTest): Promise<Record<string, KeyUnderTest>> {
  const withSystem = async (UserName: string, PolicyName: string) => {
    const key = await makeUser(gateway, UserName);
    await owner(gateway, 'AttachPolicyToUser', { UserName, PolicyName, PolicyType: 'System' });
    return key;
  };
  const narrow = `acs:cr:*:*:repository/${gateway.instanceId}/*`;
  return {
    nobody: await makeUser(gateway, 'nobody'),
    full: await withSystem('full', 'AliyunContainerRegistryFullAccess'),
    readonly: await withSystem('readonly', 'AliyunContainerRegistryReadOnlyAccess'),
    ram: await withSystem('ram', 'AliyunRAMFullAccess'),
    logs: await makeUser(gateway, 'logs', policy('Allow', 'cr:GetRepositoryBuildLog')),
    narrowed: await makeUser(gateway, 'narrowed', policy('Allow', 'cr:*', narrow)),
    nolog: await makeUser(gateway, 'nolog', {
      ...everything,
      Statement: [...everything.Statement, ...noLog.Statement],
    }),
    owner: gateway,
  };
}
