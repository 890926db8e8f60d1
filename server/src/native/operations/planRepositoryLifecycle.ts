import { nextRunMs } from '#lifecycle/lifecycle-rule.ts';
import { planTags } from '#lifecycle/run-rule.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { nativeOperation } from '../native-operation.ts';

const NAMES_SHOWN = 100;

/** `GET /repositories/NAMESPACE/NAME/lifecycle` */
export default nativeOperation('planRepositoryLifecycle', async (context, { namespace, name }) => {
  const { db, instanceId, now, timeZone } = context;
  const repository = await getRepositoryByName(db, instanceId, namespace, name);
  const { rules, goes, keptCount, silent } = await planTags(db, instanceId, repository, now());
  return {
    Rules: rules.map((rule) => ({
      RuleId: rule.ruleId,
      Scope: rule.scope,
      NamespaceName: rule.namespaceName,
      RepoName: rule.repoName,
      RetentionTagCount: rule.keepCount,
      TagRegexp: rule.tagPattern,
      Auto: rule.auto,
      ScheduleTime: rule.schedule,
      DryRun: rule.dryRun,
      NextTime: nextRunMs(rule, timeZone),
      MatchesNone: silent.has(rule.ruleId),
    })),
    KeptTags: keptCount,
    RemovedTags: goes.length,
    Tags: goes.slice(0, NAMES_SHOWN).map((tag) => tag.name),
  };
});
