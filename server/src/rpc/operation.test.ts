import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operation } from './operation.ts';

const rows = { PageNo: 1, PageSize: 100, BuildRecordLogs: [] };

test('an operation carries its action and takes a plain reply or one with a raw array', async () => {
  const plain = operation('GetInstance', { run: async (_context, params) => ({ InstanceId: params.InstanceId }) });
  const raw = operation('ListRepoBuildRecordLog', {
    run: async () => ({
      body: {
        PageNo: 1,
        PageSize: 100,
        TotalCount: '0',
        rawArray: { name: 'BuildRecordLogs', latin1: '' },
      },
    }),
  });
  assert.equal(plain.action, 'GetInstance');
  assert.equal(raw.action, 'ListRepoBuildRecordLog');
});

test('a reply field of another name or type does not compile', () => {
  // @ts-expect-error GetInstance answers no Bogus
  operation('GetInstance', { run: async () => ({ Bogus: 1 }) });
  // @ts-expect-error TotalCount of this operation is a string
  operation('ListRepoBuildRecordLog', { run: async () => ({ ...rows, TotalCount: 1 }) });
  // @ts-expect-error a list answers TotalCount always
  operation('ListRepoBuildRecordLog', { run: async () => rows });
  // @ts-expect-error the spec has no such operation
  operation('NoSuchAction', { run: async () => ({}) });
});
