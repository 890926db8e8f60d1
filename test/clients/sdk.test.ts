import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startGatewayUnderTest } from '../../server/src/gateway/testing/gateway.ts';
import { type Action, operationSpecs } from '../../server/src/rpc/spec.gen.ts';
import { assertGolden } from '../support/api/golden-file.ts';
import { sampleParams } from '../support/api/sample-params.ts';
import { checkEveryReply } from '../support/replies/every-reply.ts';
import { Driver } from './driver.ts';
import { goDriver, javaDriver, pythonPackages } from './pinned.ts';

const ACTIONS = (Object.keys(operationSpecs) as Action[]).filter((action) => operationSpecs[action].product === 'cr');

/** One of the vendor's SDKs. */
interface Sdk {
  /** Of its file in `test/golden/`, which lists what it does not know. */
  readonly name: string;
  readonly title: string;
  /** How many of the operations it knows. */
  readonly operations: number;
  start(t: TestContext): Promise<Driver | undefined>;
}

const here = (name: string) => join(import.meta.dirname, name);

const startPython = (name: 'cr20181201' | 'cr_old') => async (t: TestContext) => {
  const packages = await pythonPackages(t, name);
  return packages === undefined ? undefined : new Driver(['python3', here(`${name}.py`)], { PYTHONPATH: packages });
};

const startGo = (name: 'cr_ee' | 'cr_tea_v1' | 'cr_tea_v2', folder: string) => async (t: TestContext) => {
  const program = await goDriver(t, name, here(folder));
  return program === undefined ? undefined : new Driver([program]);
};

const startJava = (name: 'cr_java' | 'cr_java_old') => async (t: TestContext) => {
  const command = await javaDriver(t, name, here(name));
  return command === undefined ? undefined : new Driver(command);
};

const TEA_V1: Sdk = {
  name: 'go-2022',
  title: "the vendor's generated Go SDK of 2022",
  operations: 82,
  start: startGo('cr_tea_v1', 'cr_tea'),
};
const SDKS: readonly Sdk[] = [
  { name: 'python', title: "the vendor's typed Python SDK", operations: 118, start: startPython('cr20181201') },
  { name: 'python-old', title: "the vendor's old Python SDK", operations: 62, start: startPython('cr_old') },
  TEA_V1,
  {
    name: 'go-2024',
    title: "the vendor's generated Go SDK of 2024",
    operations: 95,
    start: startGo('cr_tea_v2', 'cr_tea'),
  },
  { name: 'go-old', title: "the vendor's old Go SDK", operations: 62, start: startGo('cr_ee', 'cr_ee') },
  { name: 'java', title: "the vendor's typed Java SDK", operations: 82, start: startJava('cr_java') },
  { name: 'java-old', title: "the vendor's old Java SDK", operations: 82, start: startJava('cr_java_old') },
];

for (const { name, title, operations, start } of SDKS) {
  test(`${title} reads every field of every reply that it has a place for`, async (t) => {
    await using driver = await start(t);
    if (driver === undefined) return;
    await checkEveryReply(driver.call);
    const lines = (kind: string, items: Set<string>) => [...items].sort().map((item) => `${kind} ${item}\n`);
    const known = [...lines('no operation or parameter', driver.unknown), ...lines('no field', driver.unread)];
    assertGolden(`sdk-${name}.txt`, known.join('') || 'It knows everything.\n');
  });

  test(`${title} calls every operation that it knows and gets an answer, regardless of the operation's outcome`, async (t) => {
    await using driver = await start(t);
    if (driver === undefined) return;
    await using gateway = await startGatewayUnderTest();
    for (const action of ACTIONS) {
      const params = sampleParams(action, { InstanceId: gateway.instanceId }, name === 'python');
      const { status, body } = await driver.call(gateway, gateway, action, params);
      assert.ok(status < 500, `${action}: ${status} ${JSON.stringify(body)}`);
      assert.doesNotMatch(String(body.Code), /Signature|InvalidVersion|InvalidAction|NoPrivilege/, action);
    }
    t.diagnostic(`not in this SDK: ${[...driver.unknown].join(', ') || 'nothing'}`);
    assert.ok(driver.called.size >= operations, `${driver.called.size} operations were called`);
    assert.deepEqual(gateway.faults, []);
  });
}

test('what docker-credential-acr-helper does with the generated Go SDK: it finds the instance by name and gets a login', async (t) => {
  await using driver = await TEA_V1.start(t);
  if (driver === undefined) return;
  await using gateway = await startGatewayUnderTest();
  const { body: listed } = await driver.call(gateway, gateway, 'ListInstance', { InstanceName: 'slipway' });
  const InstanceId = listed.Instances[0].InstanceId;
  const { body } = await driver.call(gateway, gateway, 'GetAuthorizationToken', { InstanceId });
  const { IsSuccess, TempUsername, AuthorizationToken, ExpireTime } = body;
  assert.deepEqual([IsSuccess, TempUsername, typeof AuthorizationToken], [true, 'cr_temp_user', 'string']);
  assert.ok(ExpireTime > Date.now());
});
