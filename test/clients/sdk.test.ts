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

async function startGo(t: TestContext): Promise<Driver | undefined> {
  const program = await goDriver(t, 'cr_ee', join(import.meta.dirname, 'cr_ee'));
  const readsAll = (action: Action, { body, typed }: { body: unknown; typed?: unknown }) =>
    typed === undefined || compare(action, body, typed);
  return program === undefined ? undefined : new Driver([program], { check: readsAll });
}

for (const [name, start, operations, withAll] of [
  ["the vendor's typed Python SDK", startPython, 118, true],
  ["the vendor's old Go SDK", startGo, 60, false],
] as const) {
  test(`${name} reads every field of every reply`, async (t) => {
    await using driver = await start(t);
    if (driver === undefined) return;
    await checkEveryReply(driver.call);
    t.diagnostic(`called ourselves, since this SDK does not know it: ${[...driver.unknown].join(', ') || 'nothing'}`);
  });

  test(`${name} calls every operation that it knows and is answered, whatever the operation makes of it`, async (t) => {
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
}

/** Every value that was sent is in the SDK's reply, where its types have a place for it. */
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
