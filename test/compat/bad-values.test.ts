import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callAs, owner } from '../../server/src/gateway/testing/caller.ts';
import { startGatewayUnderTest } from '../../server/src/gateway/testing/gateway.ts';
import type { ParameterSpec } from '../../server/src/rpc/operation-spec.ts';
import { type Action, operationSpecs } from '../../server/src/rpc/spec.gen.ts';
import { sampleParams } from '../support/api/sample-params.ts';

const actions = (Object.keys(operationSpecs) as Action[]).filter((action) => operationSpecs[action].product === 'cr');

const IS_LONG = process.env.SLIPWAY_TEST_LONG === '1';

/** Values of the wrong type, which are refused with the parameter's name, whatever else is wrong with the call. */
function wrongValues({ shape, json }: ParameterSpec): string[] {
  if (shape === 'integer') return ['x', '1.5', '1e9', '99999999999999999999', ' 1'];
  if (shape === 'boolean') return ['yes', '1', 'null'];
  return json ? ['{', '"', '[[[['] : [];
}

/** Texts that are hard to store, match or show; the quick tier sends two values of each parameter. */
const HARD_TEXTS = [
  '\u0000',
  '',
  ' ',
  '\u202e\ud83d\ude00',
  '../../etc',
  `(${'a+'.repeat(30)})+$`,
  "'; drop table x",
  'y'.repeat(3000),
];
const HARD_NUMBERS = ['0', '-1', '2147483648', '9007199254740991'];

test('a bad value of any parameter of any operation is answered 4xx, one of the wrong type with its name, and never 5xx', async (t) => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId } = gateway;
  await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const named = { InstanceId, RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE', Summary: 's' };
  let calls = 0;
  const bad: string[] = [];
  for (const action of actions) {
    const repository = await owner(gateway, 'GetRepository', named).catch(() => undefined);
    const RepoId = String(repository?.RepoId ?? (await owner(gateway, 'CreateRepository', named)).RepoId);
    const given = { InstanceId, RepoId, RepoName: 'app', RepoNamespaceName: 'team', NamespaceName: 'team' };
    const ids = { ResourceId: InstanceId, RegionId: 'local', ResourceRegionId: 'local' };
    const isRefused = operationSpecs[action].refusal !== undefined;
    const params = sampleParams(action, { ...given, ...ids });
    for (const [name, spec] of Object.entries(operationSpecs[action].parameters)) {
      const wrong = wrongValues(spec);
      const hard = spec.shape === 'integer' ? HARD_NUMBERS : spec.shape === 'string' ? HARD_TEXTS : [];
      const values = IS_LONG ? [...wrong, ...hard] : [...wrong, ...hard].slice(0, 2);
      for (const value of values) {
        const { status, body } = await callAs(gateway, gateway, action, { ...params, [name]: value });
        calls += 1;
        const shown = `${action} ${name}=${JSON.stringify(value.slice(0, 40))}: ${status} ${JSON.stringify(body).slice(0, 300)}`;
        if (status >= 500) bad.push(shown);
        // An operation that is refused as a whole says only that.
        else if (
          !isRefused &&
          wrong.includes(value) &&
          (status < 400 || !`${body.Code} ${body.Message}`.includes(name))
        )
          bad.push(shown);
      }
    }
  }
  t.diagnostic(`${calls} calls of ${actions.length} operations`);
  assert.deepEqual(bad, []);
  assert.deepEqual(gateway.faults, []);
});
