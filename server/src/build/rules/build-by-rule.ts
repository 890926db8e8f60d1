import { requesterOf } from '#account/requester.ts';
import { eventTransaction } from '#event/event-store.ts';
import type { Context } from '#rpc/context.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { refNameMistake } from '#source/ref-name.ts';
import { getSourceBinding } from '#source/source-store.ts';
import { insertBuildRecord, type NewBuildRecord } from '../build-store.ts';
import { buildRuleNotLiteral, refuseWithoutBuilds } from '../errors.ts';
import { requestersByRule } from '../request/build-requesters.ts';
import type { BuildRule } from './build-rule.ts';
import { getBuildRule } from './build-rule-store.ts';
import { matchRules } from './match-rules.ts';
import { isPushPattern } from './push-pattern.ts';
import { recordOfRule } from './record-of-rule.ts';

/** A rule to build without a push. */
interface RuleToBuild {
  instanceId: string;
  repoId: string;
  buildRuleId: string;
  /** The branch or tag; undefined for the one that the rule names. */
  push: string | undefined;
}

/**
 * Queues a build of a rule. Throws BUILD_RULE_NOT_EXIST, BUILD_RULE_NOT_LITERAL if only the caller could say which branch, and
 * `InvalidParameter` if the branch or tag does not match the rule.
 */
export async function buildByRule(
  context: Context,
  { instanceId, repoId, buildRuleId, push }: RuleToBuild,
): Promise<{ buildRecordId: string; imageTag: string }> {
  refuseWithoutBuilds(context);
  const { db } = context;
  const rule = await getBuildRule(db, repoId, buildRuleId);
  if (push === undefined && isPushPattern(rule.pushName)) throw buildRuleNotLiteral(rule.pushName);
  const name = push ?? rule.pushName;
  const imageTag = push === undefined ? rule.imageTag : await imageTagOf(rule, push);
  const binding = await getSourceBinding(db, repoId);
  const buildRecordId = context.newBuildRecordId();
  const record: NewBuildRecord = {
    buildRecordId,
    instanceId,
    repoId,
    imageTag,
    ...recordOfRule(rule, binding, { ref: `${rule.pushType === 'GIT_TAG' ? 'refs/tags' : 'refs/heads'}/${name}` }),
    createdMs: context.now(),
    requesters: requestersByRule(requesterOf(context.principal), rule, binding),
    trigger: 'rule',
  };
  await eventTransaction(db, (trx) => insertBuildRecord(trx, record));
  context.buildQueued();
  return { buildRecordId, imageTag };
}

/** The tag that a rule gives the image of a branch or tag. */
async function imageTagOf(rule: BuildRule, push: string): Promise<string> {
  const mistake = refNameMistake(push);
  const kind = rule.pushType === 'GIT_TAG' ? 'tag' : 'branch';
  if (mistake !== undefined)
    throw invalidParameter('push', `${JSON.stringify(push)} is not the name of a ${kind}: ${mistake}.`);
  const matches = await matchRules([rule], push);
  if (typeof matches === 'string') throw invalidParameter('push', `${matches}.`);
  const match = matches(rule);
  if (match === undefined)
    throw invalidParameter('push', `the rule builds ${JSON.stringify(rule.pushName)}, which ${push} does not match.`);
  if ('invalidTag' in match)
    throw invalidParameter(
      'push',
      `the rule gives ${JSON.stringify(match.invalidTag.slice(0, 200))}, which is not a tag.`,
    );
  return match.imageTag;
}
