import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { startGatewayUnderTest } from '../../server/src/gateway/testing/gateway.ts';
import { operationsOf } from '../../server/src/gateway/testing/operations.ts';
import { operation } from '../../server/src/rpc/operation.ts';
import { vendorClients } from '../support/api/vendor-clients.ts';

// Values that encoders treat differently: each must arrive unchanged.
const ODD_VALUES = [
  'a b',
  "*~+%!'()",
  '%2A%20+',
  'a=b&c=d',
  '/?#[]@:,;$',
  '"<>\\^`{|}',
  'ünïcödé 中文 😀 \u00a0\u200b',
  '\t\r\n',
  '\u0001\u001b[31m',
  '.',
  'true',
  '0',
];

/** Removes the prototypes that some clients give to parsed objects. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

/** Echoes what arrived. */
const echo = operation('ListRepoBuildRecordLog', {
  run: async (_context, params) => ({
    PageNo: params.Offset ?? -1,
    PageSize: 100,
    TotalCount: '1',
    BuildRecordLogs: [{ LineNumber: 1, Message: params.BuildRecordId, BuildStage: params.RepoId }],
  }),
});
const operations = operationsOf(echo);

test("every one of the vendor's clients is understood with any parameter values", async (t) => {
  await using gateway = await startGatewayUnderTest({ operations });
  for (const client of vendorClients(gateway)) {
    await t.test(client.name, async () => {
      for (const value of ODD_VALUES) {
        const params = { InstanceId: 'cri-1', RepoId: value, BuildRecordId: value, Offset: '7', RegionId: 'cn-x' };
        const reply = await client.call('ListRepoBuildRecordLog', params);
        assert.deepEqual(plain(reply.BuildRecordLogs), [{ LineNumber: 1, Message: value, BuildStage: value }]);
        assert.equal(reply.PageNo, 7);
        assert.equal(reply.TotalCount, '1');
      }
    });
  }
  assert.deepEqual(gateway.faults, []);
});

test("every one of the vendor's clients is understood for any text", async (t) => {
  await using gateway = await startGatewayUnderTest({ operations });
  const text = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 40 })
    .filter((value) => value.isWellFormed() && !value.includes('\0'));
  for (const client of vendorClients(gateway)) {
    await t.test(client.name, () =>
      fc.assert(
        fc.asyncProperty(text, async (value) => {
          const params = { InstanceId: 'cri-1', RepoId: 'crr-1', BuildRecordId: value };
          const reply = await client.call('ListRepoBuildRecordLog', params);
          assert.deepEqual(plain(reply.BuildRecordLogs), [{ LineNumber: 1, Message: value, BuildStage: 'crr-1' }]);
        }),
        { numRuns: 50 },
      ),
    );
  }
});

test("every one of the vendor's clients shows the code and message of a refusal", async (t) => {
  await using gateway = await startGatewayUnderTest();
  for (const client of vendorClients(gateway)) {
    await t.test(client.name, async () => {
      await assert.rejects(client.call('GetInstance', { InstanceId: 'cri-none' }), (error: unknown) => {
        const { code, message } = error as { code: string; message: string };
        // rpc-client adds the word Error to each code.
        assert.match(code, /^INSTANCE_NOT_EXIST(Error)?$/);
        return /The instance cri-none does not exist\./.test(message);
      });
    });
  }
});

test("every one of the vendor's clients is told which parameter has a NUL character", async (t) => {
  await using gateway = await startGatewayUnderTest({ operations });
  for (const client of vendorClients(gateway)) {
    await t.test(client.name, () =>
      assert.rejects(client.call('ListRepoBuildRecordLog', { InstanceId: 'cri-1', BuildRecordId: 'a\0b' }), {
        message: /"BuildRecordId" is not valid: it has a NUL character/,
      }),
    );
  }
});

test("every one of the vendor's clients is refused with a wrong secret, as a wrong signature", async (t) => {
  await using gateway = await startGatewayUnderTest();
  for (const client of vendorClients({ ...gateway, accessKeySecret: 'wrong' })) {
    await t.test(client.name, () =>
      assert.rejects(client.call('ListInstance', {}), { message: /Specified signature is not matched/ }),
    );
  }
});

test("the vendor's ACS3 clients read a refusal in XML", async (t) => {
  await using gateway = await startGatewayUnderTest();
  for (const client of vendorClients(gateway).filter(({ name }) => name.endsWith('ACS3'))) {
    await t.test(client.name, () =>
      assert.rejects(client.call('GetInstance', { InstanceId: 'cri-<&>', Format: 'XML' }), {
        code: 'INSTANCE_NOT_EXIST',
        message: /The instance cri-<&> does not exist\./,
      }),
    );
  }
});
