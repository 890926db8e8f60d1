import { type Decision, decide, decideAny, isDeniedSomewhere } from '#ram/decide.ts';
import { resourcePath } from '#ram/resource-path.ts';
import type { Context } from '#rpc/context.ts';
import { inTurns } from '#rpc/in-turns.ts';
import type { FoundOperation } from './find-operation.ts';

/** What was decided of a call, and how a refusal names the resource. */
interface Authorization {
  readonly decision: Decision;
  readonly asNamed: string;
}

/** Asks the policy. Nothing before it tells whether an object exists, and nothing that it refuses does. */
export async function authorize(
  found: FoundOperation,
  context: Context,
  params: Record<string, unknown>,
): Promise<Authorization> {
  const named = resourceNames(found, context, params);
  const resources = named instanceof Promise ? await named : named;
  const first = decideAny({ principal: context.principal, action: found.spec.ramAction }, resources);
  const denied = first.allowed
    ? (decideAlso(found, context, params) ??
      (hasFurtherNeeds(found) ? await decideFurther(found, context, params) : undefined))
    : first;
  const decision = denied ?? first;
  if (found.spec.open && decision.reason === 'ImplicitDeny') {
    return { decision: { ...decision, allowed: true }, asNamed: decision.resource };
  }
  return { decision, asNamed: decision.allowed ? decision.resource : shownResource(found, context, params, decision) };
}

/**
 * The resource of a refusal as the caller named it. The names that belong to an id are shown only to callers who may
 * read the repository. Others see a placeholder, as `{RepoName}`, whether or not there is such an id.
 */
function shownResource(
  { spec }: FoundOperation,
  context: Context,
  params: Record<string, unknown>,
  { resource, principal }: Decision,
): string {
  if (resource === '*') return resource;
  const patterns = [spec.resource, spec.or, spec.also].filter((pattern) => pattern !== undefined);
  const asked = patterns.find((pattern) => fullName(spec, context, undefined, params, pattern) === resource);
  const mayKnow = decide({ principal, action: 'cr:GetRepository', resource }).allowed;
  if (asked === undefined && mayKnow) return resource;
  return fullName(spec, context, undefined, params, asked ?? spec.or ?? spec.resource, (place) => `{${place}}`);
}

/**
 * The decision on the second resource of a call that the first allowed, if it denies: a caller who may change one user could
 * otherwise give that user any policy, or the name of another user whom a role trusts. Undefined if it allows the call too.
 */
function decideAlso({ spec }: FoundOperation, context: Context, params: Record<string, unknown>): Decision | undefined {
  const { also } = spec;
  const place = also && /\{(\w+)\}/.exec(also)?.[1];
  if (also === undefined || place === undefined || params[place] === undefined) return undefined;
  const resource = fullName(spec, context, undefined, params, also);
  const decision = decide({ principal: context.principal, action: spec.ramAction, resource });
  return decision.allowed ? undefined : decision;
}

function hasFurtherNeeds({ operation }: FoundOperation): boolean {
  return operation?.alsoNeeds !== undefined || operation?.unlessDenied !== undefined;
}

/** The decision that denies what an operation needs beside its own action. */
async function decideFurther(
  found: FoundOperation,
  context: Context,
  params: Record<string, unknown>,
): Promise<Decision | undefined> {
  return (await decideNeeded(found, context, params)) ?? (await decideUnlessDenied(found, context, params));
}

/** The decision on what the operation needs beside its own action, if it denies. */
async function decideNeeded(
  { spec, operation }: FoundOperation,
  context: Context,
  params: Record<string, unknown>,
): Promise<Decision | undefined> {
  const needed = await operation?.alsoNeeds?.(context, params);
  if (!needed) return undefined;
  const resource = needed.resource === '*' ? '*' : fullName(spec, context, needed.resource, params);
  const decision = decide({ principal: context.principal, action: needed.action, resource });
  return decision.allowed ? undefined : decision;
}

/** The first decision that explicitly denies what the operation does to repositories. */
async function decideUnlessDenied(
  { spec, operation }: FoundOperation,
  context: Context,
  params: Record<string, unknown>,
): Promise<Decision | undefined> {
  const { principal } = context;
  if (!operation?.unlessDenied || principal.kind === 'root') return undefined;
  const asked = await operation.unlessDenied(context, params);
  const actions = new Set(asked.map(({ action }) => action));
  const deniable = new Set([...actions].filter((action) => isDeniedSomewhere(principal, action)));
  // Without a Deny, there is nothing to decide about thousands of repositories.
  for await (const { action, resource } of inTurns(asked.filter((each) => deniable.has(each.action)))) {
    const decision = decide({ principal, action, resource: fullName(spec, context, resource, params) });
    if (decision.reason === 'ExplicitDeny') return decision;
  }
  return undefined;
}

/**
 * `acs:<product>:<region>:<account>:<path>`, the path being what the operation answers, else the spec's pattern filled with
 * parameters. `*` alone where the action knows nothing narrower. Two names where policies may give
 * either.
 */
function resourceNames(
  { spec, operation }: FoundOperation,
  context: Context,
  params: Record<string, unknown>,
): Promise<string[]> | string[] {
  if (spec.resource === '*') return ['*'];
  const pattern = spec.or ?? spec.resource;
  const wider = spec.or === undefined ? [] : [fullName(spec, context, undefined, params)];
  const own = operation?.resource?.(context, params);
  const names = (path: string | undefined) => [...wider, fullName(spec, context, path, params, pattern)];
  return own instanceof Promise ? own.then(names) : names(own);
}

function fullName(
  spec: FoundOperation['spec'],
  context: Context,
  own: string | undefined,
  params: Record<string, unknown>,
  pattern: string = spec.resource,
  unfilled?: (place: string) => string,
): string {
  const { NamespaceName = params.RepoNamespaceName } = params;
  const values = NamespaceName === params.NamespaceName ? params : { ...params, NamespaceName };
  const path = own ?? resourcePath(pattern, values, unfilled);
  // RAM has no regions, and what STS gives out are roles of RAM.
  const place = spec.product === 'cr' ? `cr:${context.regionId}` : 'ram:';
  return `acs:${place}:${context.accountId}:${path}`;
}
