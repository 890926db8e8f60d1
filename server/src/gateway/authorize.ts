import { type Decision, decide } from '#ram/decide.ts';
import { ApiError } from '#rpc/api-error.ts';
import type { Context } from '#rpc/context.ts';
import type { FoundOperation } from './find-operation.ts';

/** Asks the policy; throws `NoPrivilege` unless it allows. Nothing before it tells whether an object exists. */
export async function authorize(
  found: FoundOperation,
  context: Context,
  params: Record<string, unknown>,
): Promise<Decision> {
  const resource = await resourceName(found, context, params);
  const decision = decide({ principal: context.principal, action: found.spec.ramAction, resource });
  if (!decision.allowed) throw new ApiError('NoPrivilege', 403, 'Access denied for this user.');
  return decision;
}

/**
 * `acs:cr:<region>:<account>:<path>`, the path being what the operation answers, else the spec's pattern filled with
 * parameters. A place that nothing fills, or a value that could pass for more of the path, becomes `*`, which only a
 * grant with a wildcard there covers. `*` alone where the action knows nothing narrower.
 */
async function resourceName(
  { spec, operation }: FoundOperation,
  context: Context,
  params: Record<string, unknown>,
): Promise<string> {
  if (spec.resource === '*') return '*';
  const own = await operation?.resource?.(context, params as never);
  const path = own ?? spec.resource.replace(/\{(\w+)\}/g, (_, place: string) => plainName(params, place));
  return `acs:cr:${context.regionId}:${context.accountId}:${path}`;
}

function plainName(params: Record<string, unknown>, place: string): string {
  const value = params[place] ?? (place === 'NamespaceName' ? params.RepoNamespaceName : undefined);
  return typeof value === 'string' && /^[\w.-]+$/.test(value) ? value : '*';
}
