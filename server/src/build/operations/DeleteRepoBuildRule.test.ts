import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRepositoryUnderTest } from '../testing/repository.ts';

test('removes the rule and keeps the records that it started', async () => {
  await using repository = await startRepositoryUnderTest();
  const BuildRuleId = await repository.addRule();
  const { body: made } = await repository.call('CreateBuildRecordByRule', { BuildRuleId });
  assert.equal((await repository.call('DeleteRepoBuildRule', { BuildRuleId })).status, 200);
  assert.equal((await repository.call('ListRepoBuildRule')).body.TotalCount, '0');
  const { body } = await repository.call('GetRepoBuildRecordStatus', { BuildRecordId: String(made.BuildRecordId) });
  assert.equal(body.BuildStatus, 'PENDING');
  assert.equal((await repository.call('DeleteRepoBuildRule', { BuildRuleId })).body.Code, 'BUILD_RULE_NOT_EXIST');
});
