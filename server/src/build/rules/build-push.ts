import type { Requester } from '#account/requester.ts';
import type { Database } from '#db/database.ts';
import { eventTransaction } from '#event/event-store.ts';
import type { Means } from '#rpc/context.ts';
import type { PushEvent } from '#source/hooks/push-event.ts';
import type { PushHook } from '#source/hooks/push-hook.ts';
import {
  forgetOldDeliveries,
  listTakenDeliveries,
  noteDelivery,
  takePushOrder,
} from '#source/hooks/push-hook-store.ts';
import { findSourceBinding } from '#source/source-store.ts';
import { NO_BUILDS } from '../errors.ts';
import type { BuildRule } from './build-rule.ts';
import { listRulesOfPush } from './build-rule-store.ts';
import { matchRules, type PushMatches } from './match-rules.ts';
import { nothing, otherRepository, type PushResult, queueRule } from './queue-rule.ts';

/** A branch may have a long name. */
const SHOWN_CHARS = 200;

/**
 * Queues a build for every rule that a push matches, once per delivery and rule. The delivery is recorded if and only if the
 * build is queued. A push reported after a newer one to its branch or tag is not built, because its image would replace the
 * newer one.
 */
export async function buildPush(
  means: Means,
  hook: Omit<PushHook, 'secret'>,
  event: PushEvent,
  deliveryNames: readonly string[],
  options: { supersede: boolean; redeliverer?: Requester | undefined },
): Promise<PushResult> {
  if (!means.takesBuilds) return nothing(NO_BUILDS);
  // Do this before taking locks: it may take a while.
  const rules = await listRulesOfPush(means.db, hook.repoId, event.pushType);
  const matches = await matchRules(rules, event.name);
  if (typeof matches === 'string') return nothing(matches);
  const take = async (db: Database): Promise<PushResult> => {
    await forgetOldDeliveries(db, means.now());
    return takePush({ ...means, db }, { hook, event, deliveryNames, matches, ...options });
  };
  // A code host may send one delivery many times at once.
  const result = await eventTransaction(means.db, take);
  if (result.builds.length > 0) means.buildQueued();
  return result;
}

/** A delivered push. */
interface Delivery {
  hook: Omit<PushHook, 'secret'>;
  event: PushEvent;
  deliveryNames: readonly string[];
  matches: PushMatches;
  supersede: boolean;
  redeliverer?: Requester | undefined;
}

async function takePush(means: Means, delivery: Delivery): Promise<PushResult> {
  const { db } = means;
  const { hook, event, deliveryNames } = delivery;
  const binding = await findSourceBinding(db, hook.repoId);
  if (!binding) return nothing('the repository has no source');
  const other = otherRepository(binding, event.codeRepository);
  if (other !== undefined) return nothing(`the push is for another repository than ${other}`);
  const rules = await listRulesOfPush(db, hook.repoId, event.pushType);
  const matches = rules.flatMap((rule) => {
    const match = delivery.matches(rule);
    return match === undefined ? [] : [{ rule, match }];
  });
  const nameOf = (rule: BuildRule) => deliveryNames.map((name) => `${name} for ${rule.buildRuleId}`);
  const names = matches.flatMap(({ rule }) => nameOf(rule));
  const taken = names.length === 0 ? undefined : await listTakenDeliveries(db, hook.hookId, names);
  const left = matches.filter(({ rule }) => !nameOf(rule).some((name) => taken?.has(name)));
  if (matches.length > 0 && left.length === 0) return nothing('this delivery was already processed');
  // Record the order of every push, so that pushes that are built later are ordered correctly.
  const ref = refOf(event);
  const isLate = await takePushOrder(db, hook.hookId, { ...event, ref }, means.now());
  if (event.commitId === undefined) return nothing(`${JSON.stringify(event.name)} was deleted`);
  if (!binding.autoBuild) return nothing('AutoBuild is off for this repository');
  if (matches.length === 0) return nothing(`no rule matches ${event.name}`);
  if (isLate) return nothing(`this push of ${event.name} came after a newer one, which it would undo`);
  const result: PushResult = { builds: [], notes: [] };
  for (const { rule, match } of left) {
    if ('invalidTag' in match) {
      result.notes.push(
        `rule ${rule.buildRuleId} gives ${JSON.stringify(match.invalidTag.slice(0, SHOWN_CHARS))}, which is not a tag`,
      );
      continue;
    }
    const source = { ref, commitId: event.commitId };
    await queueRule(means, { ...delivery, binding, rule, imageTag: match.imageTag, source }, result);
    await noteDelivery(db, hook.hookId, nameOf(rule), means.now());
  }
  return result;
}

function refOf({ pushType, name }: PushEvent): string {
  return `${pushType === 'GIT_TAG' ? 'refs/tags' : 'refs/heads'}/${name}`;
}
