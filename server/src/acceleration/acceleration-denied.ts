import type { AlsoNeeded } from '#rpc/operation.ts';

/** What a conversion does in its repository: it pulls an image, and pushes another one. */
export function rightsOfConversion(resource: string): AlsoNeeded[] {
  return ['cr:PullRepository', 'cr:PushRepository'].map((action) => ({ action, resource }));
}
