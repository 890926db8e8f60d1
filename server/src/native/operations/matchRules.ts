import { listRulesOfPush } from '#build/rules/build-rule-store.ts';
import { matchRules } from '#build/rules/match-rules.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { findSourceBinding } from '#source/source-store.ts';
import { nativeOperation } from '../native-operation.ts';

/** `GET /repositories/NAMESPACE/NAME/rules/match`: what a push would build, without a push. */
export default nativeOperation('matchRules', async (context, { namespace, name, push, type = 'GIT_BRANCH' }) => {
  const { db, instanceId } = context;
  const { repoId } = await getRepositoryByName(db, instanceId, namespace, name);
  const rules = await listRulesOfPush(db, repoId, type);
  const matches = await matchRules(rules, push);
  if (typeof matches === 'string') throw invalidParameter('push', `${matches}.`);
  const matched = rules.flatMap(({ buildRuleId: BuildRuleId, ...rule }) => {
    const match = matches(rule);
    if (match === undefined) return [];
    const made = 'imageTag' in match ? { ImageTag: match.imageTag } : { Mistake: notATag(match.invalidTag) };
    return [{ BuildRuleId, PushName: rule.pushName, ...made }];
  });
  return { Rules: matched, AutoBuild: (await findSourceBinding(db, repoId))?.autoBuild ?? false };
});

function notATag(text: string): string {
  return `the rule gives ${JSON.stringify(text.slice(0, 200))}, which is not a tag`;
}
