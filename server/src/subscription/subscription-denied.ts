import type { AlsoNeeded } from '#rpc/operation.ts';

/** What mirroring does to its target: a caller who is denied this may not have a rule do it. */
export function rightsOfMirror(instanceId: string, namespaceName: string, repoName: string): AlsoNeeded[] {
  return [{ action: 'cr:PushRepository', resource: `repository/${instanceId}/${namespaceName}/${repoName}` }];
}
