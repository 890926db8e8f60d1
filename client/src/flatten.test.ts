import assert from 'node:assert/strict';
import { test } from 'node:test';
import openApiCore from '@alicloud/openapi-core';
import { flattenParams } from './flatten.ts';

test("flattens lists and objects as the vendor's clients do", () => {
  const params = {
    A: 'x',
    B: 1,
    C: true,
    L: ['a', 'b'],
    T: [{ Key: 'k', Value: 'v' }, { Key: 'k2' }],
    N: null,
    U: undefined,
  };
  const theirs = openApiCore.OpenApiUtil.query(params);
  assert.deepEqual(Object.fromEntries(flattenParams('TagResources', params)), theirs);
});

test('sends JSON parameters as one text, and text unchanged', () => {
  const configuration = { RepoType: 'PUBLIC', TagImmutability: true };
  const asObject = flattenParams('CreateNamespace', { DefaultRepoConfiguration: configuration });
  assert.deepEqual([...asObject], [['DefaultRepoConfiguration', JSON.stringify(configuration)]]);
  const asText = flattenParams('CreateNamespace', { DefaultRepoConfiguration: '{}' });
  assert.deepEqual([...asText], [['DefaultRepoConfiguration', '{}']]);
});
