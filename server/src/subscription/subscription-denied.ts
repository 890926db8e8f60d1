import type { AlsoNeeded } from '#rpc/operation.ts';

/** What mirroring does to its target: a caller to whom that is denied may have no rule do it. */
export function rightsOfMirror(instanceId: string, namespaceName: string, repoName: string): AlsoNeeded[] {
  return [{ action: 'cr:PushRepository', resource: `repository/${instanceId}/${namespaceName}/${repoName}` }];
}
