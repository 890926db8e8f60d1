import type { AlsoNeeded } from '#rpc/operation.ts';

/** What a copy does: it pulls at its sources and, if its target is this instance, pushes there. */
export function rightsOfCopy(
  instanceId: string,
  sources: readonly string[],
  target: { instanceId: string; namespaceName?: string | undefined; repoName?: string | undefined },
): AlsoNeeded[] {
  const { namespaceName = '*', repoName = '*' } = target;
  const pulls = sources.map((resource) => ({ action: 'cr:PullRepository', resource }));
  if (target.instanceId !== instanceId) return pulls;
  return [...pulls, { action: 'cr:PushRepository', resource: `repository/${instanceId}/${namespaceName}/${repoName}` }];
}
