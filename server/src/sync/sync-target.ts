import type { Means } from '#rpc/context.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { targetNotFound } from './errors.ts';

/** The instance that a caller names as the target of copies. */
export interface GivenTarget {
  TargetInstanceId: string;
  TargetRegionId: string;
  TargetUserId?: string | undefined;
}

/**
 * Checks that copies can go to an instance: this one, or one that the operator names. Returns whether it belongs to another account.
 * Throws INSTANCE_NOT_EXIST and InvalidParameter.
 */
export function checkTarget(
  { accountId, regionId, syncTargets }: Pick<Means, 'accountId' | 'regionId' | 'syncTargets'>,
  instanceId: string,
  given: GivenTarget,
): { isOwn: boolean; crossUser: boolean } {
  const { TargetInstanceId, TargetRegionId, TargetUserId } = given;
  const isOwn = TargetInstanceId === instanceId;
  const target = isOwn ? { regionId, accountId } : syncTargets.find((each) => each.instanceId === TargetInstanceId);
  if (target === undefined) throw targetNotFound(TargetInstanceId);
  if (target.regionId !== TargetRegionId) {
    const reason = `the instance ${TargetInstanceId} is in ${target.regionId}.`;
    throw invalidParameter('TargetRegionId', reason, 'InvalidParameter.TargetRegionId');
  }
  const known = target.accountId;
  if (TargetUserId !== undefined && known !== undefined && TargetUserId !== known) {
    const reason = `the instance ${TargetInstanceId} belongs to another account.`;
    throw invalidParameter('TargetUserId', reason, 'InvalidParameter.TargetUserId');
  }
  return { isOwn, crossUser: (known ?? TargetUserId ?? accountId) !== accountId };
}

/** Throws InvalidParameter for a priority that is not 1 to 5. Undefined is 3. */
export function checkPriority(priority = 3): number {
  if (priority >= 1 && priority <= 5) return priority;
  throw invalidParameter('Priority', `${priority} is not from 1 to 5.`, 'InvalidParameter.Priority');
}
