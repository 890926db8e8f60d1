import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type GatewayUnderTest, startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { operationsOf } from '#gateway/testing/operations.ts';
import { send, signAcs3, signV1 } from '#gateway/testing/send.ts';
import { operation } from '#rpc/operation.ts';
import { encodeRfc3986 } from './rfc3986.ts';

type Pairs = [string, string][];

const PARAMS = { InstanceId: 'cri-1', RepoId: 'crr-1', BuildRecordId: 'b*~ 1', Offset: '100' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** A gateway whose one operation records its parameters, to compare them with what was signed. */
async function startNoting(): Promise<GatewayUnderTest & { asked: unknown[] }> {
  const asked: unknown[] = [];
  const noting = operation('ListRepoBuildRecordLog', {
    run: async (_context, received) => {
      asked.push({ ...received });
      return { PageNo: 1, PageSize: 100, TotalCount: '0', BuildRecordLogs: [] };
    },
  });
  const gateway = await startGatewayUnderTest({ operations: operationsOf(noting) });
  return Object.assign(gateway, { asked });
}

/** The request was either refused as the client's fault, or executed exactly as signed. */
function assertHarmless(gateway: { asked: unknown[]; faults: object[] }, status: number): void {
  if (status === 200) assert.deepEqual(gateway.asked, [{ ...PARAMS, Offset: 100 }]);
  else assert.deepEqual(gateway.asked, []);
  assert.ok(status < 500, String(status));
  assert.deepEqual(gateway.faults, []);
  gateway.asked.length = 0;
}

const index = fc.nat({ max: 30 });
const text = fc.string({ minLength: 1, maxLength: 5 });

/** Ways in which someone on the network path could change a list of named values. */
const changes = fc.oneof(
  fc.tuple(index, text).map(
    ([at, other]) =>
      (list: Pairs) =>
        list.map(([name, value], i): [string, string] =>
          i === at % list.length ? [name, value + other] : [name, value],
        ),
  ),
  fc.tuple(index, text).map(
    ([at, other]) =>
      (list: Pairs) =>
        list.map(([name, value], i): [string, string] =>
          i === at % list.length ? [name + other, value] : [name, value],
        ),
  ),
  index.map((at) => (list: Pairs) => list.filter((_, i) => i !== at % list.length)),
  fc.tuple(index, text).map(([at, value]) => (list: Pairs) => [
    ...list,
    [list[at % list.length]?.[0] ?? '', value] as [string, string],
  ]),
  fc.tuple(text, text).map((added) => (list: Pairs) => [...list, added]),
  fc.tuple(index, index).map(
    ([a, b]) =>
      (list: Pairs) =>
        swapValues(list, a % list.length, b % list.length),
  ),
  index.map(
    (at) => (list: Pairs) =>
      list.map(([name, value], i): [string, string] =>
        i === at % list.length ? [name.toLowerCase(), value] : [name, value],
      ),
  ),
);

test('a v1 request that was changed in transit is refused, or does what was signed', async () => {
  await using gateway = await startNoting();
  await fc.assert(
    fc.asyncProperty(changes, fc.nat({ max: 20 }), fc.boolean(), async (change, cut, swapMethod) => {
      const signed = signV1(gateway, 'POST', { Action: 'ListRepoBuildRecordLog', ...PARAMS });
      const list = change(Object.entries(signed));
      const [query, body] = [encode(list.slice(0, cut)), encode(list.slice(cut))];
      const method = swapMethod ? 'GET' : 'POST';
      const { status } = await send(gateway, `/?${query}`, { method, headers: FORM, body });
      assertHarmless(gateway, status);
    }),
    { numRuns: 300 },
  );
});

test('an ACS3 request that was changed in transit is refused, or does what was signed', async () => {
  await using gateway = await startNoting();
  const run = async (changeQuery: (list: Pairs) => Pairs, changeHeaders: (list: Pairs) => Pairs, body: string) => {
    const query: Pairs = Object.entries(PARAMS);
    const headers = signAcs3(gateway, { 'x-acs-action': 'ListRepoBuildRecordLog' }, query);
    const sent = changeHeaders(headers).filter(
      ([name, value]) => /^[\w-]+$/.test(name) && /^[\x20-\x7e]*$/.test(value),
    );
    const { status } = await send(gateway, `/?${encode(changeQuery(query))}`, {
      method: 'POST',
      headers: [...sent.flat(), 'content-length', String(body.length)],
      body,
    });
    assertHarmless(gateway, status);
    return status;
  };
  const same = (list: Pairs) => list;
  assert.equal(await run(same, same, ''), 200);
  await fc.assert(
    fc.asyncProperty(changes, (change) => run(change, same, '').then(() => undefined)),
    { numRuns: 150 },
  );
  await fc.assert(
    fc.asyncProperty(changes, (change) => run(same, change, '').then(() => undefined)),
    { numRuns: 150 },
  );
});

test('an unchanged request gets 200, so that the two tests above could fail', async () => {
  await using gateway = await startNoting();
  const signed = signV1(gateway, 'GET', { Action: 'ListRepoBuildRecordLog', ...PARAMS });
  assertHarmless(gateway, (await send(gateway, `/?${encode(Object.entries(signed))}`)).status);
  const again = signV1(gateway, 'GET', { Action: 'ListRepoBuildRecordLog', ...PARAMS });
  assert.equal((await send(gateway, `/?${encode(Object.entries(again))}`)).status, 200);
});

function encode(list: Pairs): string {
  return list.map(([name, value]) => `${encodeRfc3986(name)}=${encodeRfc3986(value)}`).join('&');
}

function swapValues(list: Pairs, a: number, b: number): Pairs {
  return list.map(([name, value], i) => [name, (i === a ? list[b]?.[1] : i === b ? list[a]?.[1] : value) ?? '']);
}
