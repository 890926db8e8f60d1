import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { operationSpecs } from '#rpc/spec.gen.ts';
import { encodeRfc3986 } from '#signature/rfc3986.ts';
import { loadOperations } from './load-operations.ts';
import { startGatewayUnderTest } from './testing/gateway.ts';
import { type RawReply, send, signV1, target } from './testing/send.ts';

const SHAPES = [
  /^\{"RequestId":"[0-9A-F-]{36}","HostId":".*","Code":"[A-Za-z_.]+","Message":".+","Recommend":".*"\}$/s,
  /^<\?xml version="1\.0" encoding="UTF-8"\?><Error><RequestId>[0-9A-F-]{36}<\/RequestId><HostId>.*<\/Recommend><\/Error>$/s,
];

function assertClientsFault(reply: RawReply): void {
  assert.ok(reply.status >= 400 && reply.status < 500, `${reply.status} ${reply.body}`);
  assert.ok(
    SHAPES.some((shape) => shape.test(reply.body)),
    reply.body,
  );
}

// Printable ASCII but for what ends a request line: what a client can put there at all.
const wireText = fc.string({
  unit: fc.constantFrom(...'abcAction=&%+.;,/?:@!$\'()*0129_~-"<>[]{}|\\^`'),
  maxLength: 80,
});
const nameOrJunk = fc.oneof(
  fc.constantFrom('Action', 'Version', 'Signature', 'Timestamp', 'Format', '__proto__', 'Tag.1.Key'),
  wireText,
);
const pair = fc.tuple(nameOrJunk, fc.oneof(wireText, fc.constantFrom('%', '%ff', '%00', 'GetInstance', '2018-12-01')));

test('answers whatever comes unsigned with an error of the client, in shape', async () => {
  await using gateway = await startGatewayUnderTest();
  const requests = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
    query: fc.array(pair, { maxLength: 8 }),
    body: fc.oneof(
      fc.constant(Buffer.alloc(0)),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    ),
    accept: fc.constantFrom('*/*', 'application/json', 'text/xml'),
    authorization: fc.constantFrom(
      '',
      'Basic YTpi',
      'ACS3-HMAC-SHA256 ',
      'ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=b',
    ),
  });
  await fc.assert(
    fc.asyncProperty(requests, async ({ method, query, body, accept, authorization }) => {
      const headers = {
        accept,
        'content-type': 'application/x-www-form-urlencoded',
        ...(authorization ? { authorization } : {}),
      };
      const text = query.map(([name, value]) => `${name}=${value}`).join('&');
      assertClientsFault(await send(gateway, `/?${text}`, { method, headers, body }));
    }),
    { numRuns: 200 },
  );
  assert.deepEqual(gateway.faults, []);
});

test('answers any signed values of any operation that is built without a fault of its own', async () => {
  await using gateway = await startGatewayUnderTest();
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => text.isWellFormed()),
    fc.constantFrom(
      '',
      '0',
      '-1',
      '1e3',
      '9007199254740991',
      'true',
      '[]',
      '{}',
      'null',
      "' or 1=1 --",
      '../..',
      '\u0000',
      gateway.instanceId,
    ),
  );
  const built = fc.constantFrom(...[...(await loadOperations()).values()].map(({ action }) => action));
  await fc.assert(
    fc.asyncProperty(built, fc.array(value, { minLength: 12, maxLength: 12 }), async (action, values) => {
      const names = Object.keys(operationSpecs[action].parameters);
      const random = Object.fromEntries(names.map((name, i) => [name, values[i] ?? '']));
      // With the right instance the call gets past the first lookup.
      const params = { ...random, InstanceId: gateway.instanceId };
      const { status, body } = await send(gateway, target(signV1(gateway, 'GET', { Action: action, ...params })));
      assert.ok(status < 500, `${encodeRfc3986(JSON.stringify(params))}: ${body}`);
    }),
    { numRuns: 200 },
  );
  assert.deepEqual(gateway.faults, []);
});
