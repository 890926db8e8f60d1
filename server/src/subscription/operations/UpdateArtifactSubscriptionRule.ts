import { authorOf } from '#account/rule-author.ts';
import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { readSubscription, readSwitch } from '../given-subscription.ts';
import { rightsOfMirror } from '../subscription-denied.ts';
import { findSubscriptionRule, getSubscriptionRule, updateSubscriptionRule } from '../subscription-rule-store.ts';

/** Changes the given fields and keeps the rest. The rule runs again within a minute. */
export default operation('UpdateArtifactSubscriptionRule', {
  async unlessDenied({ db }, { InstanceId, RuleId, NamespaceName, RepoName }) {
    const rule = await findSubscriptionRule(db, InstanceId, RuleId);
    if (rule === undefined) return [];
    return rightsOfMirror(InstanceId, NamespaceName ?? rule.namespaceName, RepoName ?? rule.repoName);
  },

  async run(context, { InstanceId, RuleId, ...given }) {
    const { db } = context;
    await getInstance(db, InstanceId);
    const rule = await getSubscriptionRule(db, InstanceId, RuleId);
    // Another registry has its own namespaces.
    const isSameProvider = given.SourceProvider === undefined || given.SourceProvider === rule.provider;
    const words = await readSubscription(context, InstanceId, {
      SourceProvider: given.SourceProvider ?? rule.provider,
      SourceNamespaceName: given.SourceNamespaceName ?? (isSameProvider ? rule.sourceNamespaceName : undefined),
      SourceRepoName: given.SourceRepoName ?? rule.sourceRepoName,
      NamespaceName: given.NamespaceName ?? rule.namespaceName,
      RepoName: given.RepoName ?? rule.repoName,
      TagRegexp: given.TagRegexp ?? rule.tagRegexp,
      TagCount: given.TagCount ?? rule.tagCount,
      Platform: given.Platform ?? rule.platforms,
      Override: readSwitch('Override', given.Override) ?? rule.overrides,
      Accelerate: readSwitch('Accelerate', given.Accelerate) ?? rule.accelerates,
    });
    const author = authorOf(context, 'cr:UpdateArtifactSubscriptionRule', `instance/${InstanceId}`);
    await updateSubscriptionRule(db, { ...rule, author }, words, context.now());
    return {};
  },
});
