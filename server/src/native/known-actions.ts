import type { KnownAction } from '#ram/check-policy-text.ts';
import { operationSpecs } from '#rpc/spec.gen.ts';
import { nativeSpecs } from './spec.gen.ts';

const REPOSITORY = 'acs:cr:{Region}:{Account}:repository/{InstanceId}/{NamespaceName}/{RepoName}';
/** Asked for at a login to the registry, of which no operation is. */
const REGISTRY: readonly (readonly [string, string])[] = [
  ['cr:PullRepository', REPOSITORY],
  ['cr:PushRepository', REPOSITORY],
];

/** Every action that some operation of either API asks for, with the resources on which it does, by name. */
export const knownActions: readonly KnownAction[] = collect([
  ...REGISTRY,
  ...Object.values(operationSpecs).flatMap(({ ramAction, resource, or, also }) =>
    [resource, or, also].flatMap((path) =>
      path === undefined ? [] : [[ramAction, fullName(ramAction, path)] as const],
    ),
  ),
  ...Object.values(nativeSpecs).flatMap(
    ({ action, resource, wider, without, needs, mayNeed = [], anonymous, everybody }) => {
      if (anonymous || everybody) return [];
      const own = [resource, wider, without].flatMap((path) => (path === undefined ? [] : [[action, path] as const]));
      const more = needs === undefined ? [] : [[needs.action, needs.resource] as const];
      return [...own, ...more, ...mayNeed.map((each) => [each, resource] as const)].map(
        ([each, path]) => [each, fullName(each, path)] as const,
      );
    },
  ),
]);

function collect(asked: readonly (readonly [action: string, resource: string])[]): KnownAction[] {
  const byAction = new Map<string, Set<string>>();
  for (const [action, resource] of asked) byAction.set(action, (byAction.get(action) ?? new Set()).add(resource));
  return [...byAction]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([action, resources]) => ({ action, resources: [...resources] }));
}

function fullName(action: string, path: string): string {
  if (path === '*') return path;
  return action.startsWith('cr:') ? `acs:cr:{Region}:{Account}:${path}` : `acs:ram::{Account}:${path}`;
}
