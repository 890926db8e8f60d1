import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startGatewayUnderTest } from '../../server/src/gateway/testing/gateway.ts';
import { type Action, operationSpecs } from '../../server/src/rpc/spec.gen.ts';
import { checkEveryReply } from '../compat/every-reply.ts';
import { sampleParams } from '../compat/sample-params.ts';
import { Driver } from './driver.ts';
import { goDriver, pythonPackages } from './pinned.ts';

const ACTIONS = (Object.keys(operationSpecs) as Action[]).filter((action) => operationSpecs[action].product === 'cr');

async function startPython(t: TestContext): Promise<Driver | undefined> {
  const packages = await pythonPackages(t);
  const program = join(import.meta.dirname, 'cr20181201.py');
  return packages === undefined ? undefined : new Driver(['python3', program], { env: { PYTHONPATH: packages } });
}

async function startTea(t: TestContext): Promise<Driver | undefined> {
  const program = await goDriver(t, 'cr_tea', join(import.meta.dirname, 'cr_tea'));
  return program === undefined ? undefined : new Driver([program]);
}

async function startGo(t: TestContext): Promise<Driver | undefined> {
  const program = await goDriver(t, 'cr_ee', join(import.meta.dirname, 'cr_ee'));
  const readsAll = (action: Action, { body, typed }: { body: unknown; typed?: unknown }) =>
    typed === undefined || compare(action, body, typed);
  return program === undefined ? undefined : new Driver([program], { check: readsAll });
}

const PYTHON = "the vendor's typed Python SDK";
const TEA = "the vendor's generated Go SDK of 2022";
const OLD_GO = "the vendor's old Go SDK";

// The SDK of 2022 lacks many fields.
for (const [name, start] of [
  [PYTHON, startPython],
  [OLD_GO, startGo],
] as const)
  test(`${name} reads every field of every reply`, async (t) => {
    await using driver = await start(t);
    if (driver === undefined) return;
    await checkEveryReply(driver.call);
    t.diagnostic(`called ourselves, since this SDK does not know it: ${[...driver.unknown].join(', ') || 'nothing'}`);
  });

for (const [name, start, operations, withAll] of [
  [PYTHON, startPython, 118, true],
  [TEA, startTea, 60, false],
  [OLD_GO, startGo, 60, false],
] as const)
  test(`${name} calls every operation that it knows and gets an answer, whatever the operation does with the call`, async (t) => {
    await using driver = await start(t);
    if (driver === undefined) return;
    await using gateway = await startGatewayUnderTest();
    for (const action of ACTIONS) {
      const { status, body } = await driver.call(
        gateway,
        gateway,
        action,
        sampleParams(action, { InstanceId: gateway.instanceId }, withAll),
      );
      assert.ok(status < 500, `${action}: ${status} ${JSON.stringify(body)}`);
      assert.doesNotMatch(body.Code ?? '', /Signature|InvalidVersion|InvalidAction|NoPrivilege/, action);
    }
    t.diagnostic(`not in this SDK: ${[...driver.unknown].join(', ') || 'nothing'}`);
    assert.ok(driver.called.size >= operations, `${driver.called.size} operations were called`);
    assert.deepEqual(gateway.faults, []);
  });

test('what docker-credential-acr-helper does with the generated Go SDK: it finds the instance by name and gets a login', async (t) => {
  await using driver = await startTea(t);
  if (driver === undefined) return;
  await using gateway = await startGatewayUnderTest();
  const { body: listed } = await driver.call(gateway, gateway, 'ListInstance', { InstanceName: 'slipway' });
  const InstanceId = listed.Instances[0].InstanceId;
  const { body } = await driver.call(gateway, gateway, 'GetAuthorizationToken', { InstanceId });
  const { IsSuccess, TempUsername, AuthorizationToken, ExpireTime } = body;
  assert.deepEqual([IsSuccess, TempUsername, typeof AuthorizationToken], [true, 'cr_temp_user', 'string']);
  assert.ok(ExpireTime > Date.now());
});

/** Every value that was sent is in the SDK's reply, if its types have a field for it. */
function compare(path: string, sent: unknown, typed: unknown): void {
  if (typeof sent !== 'object' || sent === null) {
    assert.equal(typed, sent, path);
    return;
  }
  assert.ok(typeof typed === 'object' && typed !== null, path);
  for (const [name, value] of Object.entries(sent)) {
    if (name in typed) compare(`${path}.${name}`, value, (typed as Record<string, unknown>)[name]);
  }
}
