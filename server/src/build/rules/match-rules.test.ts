import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRepositoryUnderTest } from '../testing/repository.ts';
import { RULES_LIMIT } from './build-rule.ts';
import { matchRules } from './match-rules.ts';

const rule = (pushName: string, imageTag = 'latest') => ({ pushName, imageTag });

test('matches each rule by name and tag, in-process or, if its expression has counted repetitions, in a separate process', async () => {
  const matches = await matchRules([rule('main'), rule('v(?<n>\\d+)', '${n}')], 'v12');
  assert.ok(typeof matches === 'function');
  assert.equal(matches(rule('main')), undefined);
  assert.deepEqual(matches(rule('v(?<n>\\d+)', '${n}')), { imageTag: '12' });
  assert.equal(matches(rule('v(?<n>\\d+)', 'other')), undefined);
  const counting = await matchRules([rule('v\\d{1,3}'), rule('v12')], 'v12');
  assert.ok(typeof counting === 'function');
  assert.deepEqual(
    [counting(rule('v\\d{1,3}')), counting(rule('v12'))],
    [{ imageTag: 'latest' }, { imageTag: 'latest' }],
  );
});

test('expressions that take too long to match give an error message and do not block the server', async () => {
  const dear = Array.from({ length: RULES_LIMIT }, (_, index) => rule(`(((a?){10}){10}){10}${index}`));
  const message = await matchRules(dear, 'a'.repeat(250), { processorMs: 300 });
  assert.equal(message, 'the expressions of the rules cannot be matched: it took more than 0.3 seconds of CPU time');
});

test('a repository has a limit of rules, and the refusal names the limit', async () => {
  await using repository = await startRepositoryUnderTest();
  for (let i = 0; i < RULES_LIMIT; i++) await repository.addRule({ PushName: `b${i}` });
  const { status, body } = await repository.call('CreateRepoBuildRule', {
    RepoId: repository.repoId,
    PushType: 'GIT_BRANCH',
    PushName: 'more',
    ImageTag: 'latest',
  });
  assert.deepEqual([status, body.Code], [400, 'BUILD_RULE_LIMIT_EXCEEDED']);
  assert.match(body.Message ?? '', /200 build rules/);
});
