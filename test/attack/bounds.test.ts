import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadOperations } from '../../server/src/gateway/load-operations.ts';
import { callAs, owner } from '../../server/src/gateway/testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../server/src/gateway/testing/gateway.ts';
import { type RawReply, send, signV1, target } from '../../server/src/gateway/testing/send.ts';
import { type Action, operationSpecs } from '../../server/src/rpc/spec.gen.ts';
import { sampleParams } from '../support/api/sample-params.ts';

/** Texts that a language might accept as a number, or that are just past a limit. */
const NO_PAGES = [
  ...[
    '-1',
    '-0',
    '+1',
    '1e3',
    '0x10',
    ' 5',
    '5 ',
    '\t5',
    '５',
    '1_000',
    '1,000',
    '1.0',
    '.5',
    'NaN',
    'Infinity',
    'null',
  ],
  ...['9007199254740992', '9223372036854775808', '99999999999999999', '1'.repeat(1000), '[]', '{}', 'true', "1'--"],
];
const SMALL_PAGES = ['1', '2', '007', '100', '101'];
const PAGES = [...SMALL_PAGES, '0', '2147483648', '4294967297', '9007199254740991'];
const PAGE_NAMES = ['Page', 'PageNo', 'PageNumber', 'PageSize', 'Offset', 'MaxItems', 'MaxResults'];

test('every list takes page numbers only as plain digits, and a page has at most 100 entries', async () => {
  await using gateway = await startGatewayUnderTest();
  const ids = await makeRepository(gateway);
  const built = await loadOperations();
  let asked = 0;
  for (const action of (Object.keys(operationSpecs) as Action[]).filter((name) => built.has(name))) {
    const { parameters } = operationSpecs[action];
    for (const name of PAGE_NAMES.filter((one) => one in parameters)) {
      const params = sampleParams(action, ids);
      for (const value of NO_PAGES) {
        const { status, body } = await callAs(gateway, gateway, action, { ...params, [name]: value });
        assert.deepEqual([status, body.Code], [400, 'InvalidParameter'], `${action} ${name}=${value}`);
        assert.ok(body.Message.includes(`"${name}"`), body.Message);
      }
      const plainValue = parameters[name]?.required ? '1' : '';
      const plain = await callAs(gateway, gateway, action, { ...params, [name]: plainValue });
      for (const value of PAGES) {
        const { status, body } = await callAs(gateway, gateway, action, { ...params, [name]: value });
        // Only a number that no list has may be refused for itself; otherwise the answer is as without one, or with 1.
        const isRefused = !SMALL_PAGES.includes(value) && body.Code === 'InvalidParameter';
        if (isRefused) assert.ok(status === 400 && body.Message.includes(`"${name}"`), body.Message);
        else assert.deepEqual([status, body.Code], [plain.status, plain.body.Code], `${action} ${name}=${value}`);
        for (const list of Object.values(body).filter(Array.isArray)) assert.ok(list.length <= 100);
        if (status === 200 && body.PageSize !== undefined) assert.ok(body.PageSize <= 100);
      }
      asked++;
    }
  }
  assert.ok(asked >= 15, String(asked));
  assert.deepEqual(gateway.faults, []);
});

test('anything past a limit is refused, never truncated: parameters, indexes, depth, headers', async () => {
  await using gateway = await startGatewayUnderTest();
  const { InstanceId, RepoId } = await makeRepository(gateway);
  const form = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const rule = {
    Action: 'CreateRepoBuildRule',
    InstanceId,
    RepoId,
    PushType: 'GIT_BRANCH',
    PushName: 'b',
    ImageTag: 't',
  };
  const signed = (params: Record<string, string | undefined>) =>
    send(gateway, target(signV1(gateway, 'GET', params as Record<string, string>)));
  const namespace = { Action: 'CreateNamespace', InstanceId, NamespaceName: 'deep' };
  const bombs: [name: string, status: number, says: RegExp, reply: () => Promise<RawReply>][] = [
    ['parameters', 400, /1000 parameters/, () => post(gateway, form, 'a=&'.repeat(200_000))],
    ['an index', 400, /"BuildArgs/, () => signed({ ...rule, 'BuildArgs.1000000': 'A=1' })],
    ['a list with holes', 400, /"BuildArgs/, () => signed({ ...rule, 'BuildArgs.1': 'A=1', 'BuildArgs.3': 'B=1' })],
    [
      'depth',
      400,
      /"DefaultRepoConfiguration/,
      () => signed({ ...namespace, DefaultRepoConfiguration: '['.repeat(4000) }),
    ],
    [
      'a long value',
      400,
      /its value is longer than 65536 characters/,
      () => post(gateway, form, `a=${'b'.repeat(70_000)}`),
    ],
    ['a long name', 400, /its name is longer than 256 characters/, () => post(gateway, form, `${'b'.repeat(70_000)}=`)],
    ['a long header', 431, /./, () => send(gateway, '/', { headers: { ...form, 'x-long': 'x'.repeat(100_000) } })],
    [
      'many headers',
      431,
      /./,
      () => send(gateway, '/', { headers: Array.from({ length: 2500 }, () => ['a', '']).flat() }),
    ],
    ['a long line', 431, /./, () => send(gateway, `/?${'a'.repeat(100_000)}`)],
  ];
  for (const [name, status, says, reply] of bombs) {
    const { status: given, body } = await reply();
    assert.equal(given, status, `${name}: ${body.slice(0, 300)}`);
    assert.match(body, says, name);
  }
  assert.deepEqual(gateway.faults, []);
  assert.equal((await callAs(gateway, gateway, 'ListInstance')).status, 200);
});

async function makeRepository(gateway: GatewayUnderTest): Promise<Record<string, string>> {
  const { instanceId: InstanceId } = gateway;
  await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName: 'ns' });
  const repository = { RepoNamespaceName: 'ns', RepoName: 'app', RepoType: 'PRIVATE', Summary: 's' };
  const { RepoId } = await owner(gateway, 'CreateRepository', { InstanceId, ...repository });
  return { InstanceId, RepoId };
}

function post(gateway: GatewayUnderTest, headers: Record<string, string>, body: string): Promise<RawReply> {
  return send(gateway, '/', { method: 'POST', headers, body });
}
