import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operation } from './operation.ts';

const ROWS = { PageNo: 1, PageSize: 100, BuildRecordLogs: [] };

test('an operation has its action’s name and can return a plain reply or one with a raw array', async () => {
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

test('a reply field with another name or type does not compile', () => {
  // @ts-expect-error GetInstance has no field Bogus
  operation('GetInstance', { run: async () => ({ Bogus: 1 }) });
  // @ts-expect-error TotalCount is a string in this operation
  operation('ListRepoBuildRecordLog', { run: async () => ({ ...ROWS, TotalCount: 1 }) });
  // @ts-expect-error a list must have TotalCount
  operation('ListRepoBuildRecordLog', { run: async () => ROWS });
  // @ts-expect-error the spec has no such operation
  operation('NoSuchAction', { run: async () => ({}) });
});
