import { type Decision, decide } from '#ram/decide.ts';
import type { Context } from '#rpc/context.ts';
import type { FoundOperation } from './find-operation.ts';

/** Asks the policy. Nothing before it tells whether an object exists. */
export async function authorize(
  found: FoundOperation,
  context: Context,
  params: Record<string, unknown>,
): Promise<Decision> {
  const named = resourceName(found, context, params);
  const resource = typeof named === 'string' ? named : await named;
  const first = decide({ principal: context.principal, action: found.spec.ramAction, resource });
  const decision = first.allowed ? (decideAlso(found, context, params) ?? first) : first;
  return found.spec.open && decision.reason === 'ImplicitDeny' ? { ...decision, allowed: true } : decision;
}

/**
 * The decision on the second resource of a call that the first allowed, if it denies: whoever may change one user could
 * otherwise hand that user any policy, or the name of another whom a role trusts. Undefined where it allows, too.
 */
function decideAlso({ spec }: FoundOperation, context: Context, params: Record<string, unknown>): Decision | undefined {
  const { also } = spec;
  const place = also && /\{(\w+)\}/.exec(also)?.[1];
  if (also === undefined || place === undefined || params[place] === undefined) return undefined;
  const resource = fullName(spec, context, undefined, params, also);
  const decision = decide({ principal: context.principal, action: spec.ramAction, resource });
  return decision.allowed ? undefined : decision;
}

/**
 * `acs:<product>:<region>:<account>:<path>`, the path being what the operation answers, else the spec's pattern filled with
 * parameters. A place that nothing fills, or a value that could pass for more of the path, becomes `*`, which only a
 * grant with a wildcard there covers. `*` alone where the action knows nothing narrower.
 */
function resourceName(
  { spec, operation }: FoundOperation,
  context: Context,
  params: Record<string, unknown>,
): Promise<string> | string {
  if (spec.resource === '*') return '*';
  const own = operation?.resource?.(context, params as never);
  if (own instanceof Promise) return own.then((path) => fullName(spec, context, path, params));
  return fullName(spec, context, own, params);
}

function fullName(
  spec: FoundOperation['spec'],
  context: Context,
  own: string | undefined,
  params: Record<string, unknown>,
  pattern: string = spec.resource,
): string {
  const path = own ?? pattern.replace(/\{(\w+)\}/g, (_, place: string) => plainName(params, place));
  // RAM has no regions, and what STS gives out are roles of RAM.
  const place = spec.product === 'cr' ? `cr:${context.regionId}` : 'ram:';
  return `acs:${place}:${context.accountId}:${path}`;
}

function plainName(params: Record<string, unknown>, place: string): string {
  const value = params[place] ?? (place === 'NamespaceName' ? params.RepoNamespaceName : undefined);
  return typeof value === 'string' && /^[\w.@-]+$/.test(value) ? value : '*';
}
