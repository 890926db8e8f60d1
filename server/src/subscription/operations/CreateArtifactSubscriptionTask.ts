import { authorOf } from '#account/rule-author.ts';
import { transaction } from '#db/transaction.ts';
import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { rightsOfMirror } from '../subscription-denied.ts';
import { findSubscriptionRule, getSubscriptionRule } from '../subscription-rule-store.ts';
import { beginTask } from '../subscription-task-store.ts';

/** Runs a rule now. If a run of it is in progress, returns that one. */
export default operation('CreateArtifactSubscriptionTask', {
  async unlessDenied({ db }, { InstanceId, RuleId }) {
    const rule = await findSubscriptionRule(db, InstanceId, RuleId);
    return rule === undefined ? [] : rightsOfMirror(InstanceId, rule.namespaceName, rule.repoName);
  },

  async run(context, { InstanceId, RuleId }) {
    const { db, principal, newId, now, jobsChanged } = context;
    await getInstance(db, InstanceId);
    const rule = await getSubscriptionRule(db, InstanceId, RuleId);
    const author = authorOf(context, 'cr:CreateArtifactSubscriptionTask', `instance/${InstanceId}`);
    const asked = { taskId: newId('crast'), type: 'MANUAL' as const, askedBy: principal.arn, author, nowMs: now() };
    const TaskId = await transaction(db, (trx) => beginTask(trx, rule, asked));
    jobsChanged();
    return { TaskId };
  },
});
