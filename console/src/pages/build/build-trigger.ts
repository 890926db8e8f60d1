import { callerName } from '@slipway/client/caller-name.ts';
import type { BuildDetail } from '../../api/build.ts';
import type { IconName } from '../../ui/icons.tsx';

/** What started a build and who asked for it, for people. */
export interface BuildStart {
  icon: IconName;
  words: string;
  /** The whole names of those it builds for. */
  title: string | undefined;
}

/** What started a build: a push, a pull request, or a person who asked for it. */
export function buildStart({ Requesters: requesters = [], Source: source, Trigger: trigger }: Started): BuildStart {
  const call = requesters.find(({ Part: part }) => part === 'call')?.Arn;
  const by = call === undefined ? '' : ` by ${callerName(call)}`;
  const title = requesters.flatMap(({ Part: part, Arn: arn }) => (arn === undefined ? [] : [`${part}: ${arn}`]));
  const start = { title: title.length === 0 ? undefined : title.join('\n') };
  const pull = /^refs\/(?:pull|pulls|merge-requests)\/(\d+)\//.exec(source.Ref ?? '')?.[1];
  const isPush = requesters.length > 0 && call === undefined;
  if (trigger === 'pull-request' || (isPush && pull !== undefined))
    return { ...start, icon: 'compare', words: pull === undefined ? 'Pull request' : `Pull request ${pull}` };
  if (trigger === 'push' || isPush) return { ...start, icon: 'branch', words: 'Push' };
  if (trigger === 'rebuild' || requesters.some(({ Part: part }) => part === 'record'))
    return { ...start, icon: 'rebuild', words: `Rebuilt${by}` };
  if (trigger === 'rule' || requesters.some(({ Part: part }) => part === 'rule'))
    return { ...start, icon: 'play', words: `Rule started${by}` };
  return { ...start, icon: 'user', words: source.Kind === 'archive' ? `Sent${by}` : `Requested${by}` };
}

type Started = Pick<BuildDetail, 'Requesters' | 'Source'> & {
  Trigger?: 'call' | 'rule' | 'push' | 'pull-request' | 'rebuild' | undefined;
};

/** The name of a branch or Git tag as people write it. */
export function shortRef(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, '');
}
