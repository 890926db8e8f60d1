import { callerOf, TRIGGERS } from '@slipway/client/trigger-words.ts';
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
export function buildStart({
  Requesters: requesters = [],
  Source: source,
  Trigger: trigger,
}: Pick<BuildDetail, 'Requesters' | 'Source' | 'Trigger'>): BuildStart {
  const caller = callerOf({ Requesters: requesters });
  const by = caller === undefined ? '' : ` by ${caller}`;
  const title = requesters.flatMap(({ Part: part, Arn: arn }) => (arn === undefined ? [] : [`${part}: ${arn}`]));
  const start = { title: title.length === 0 ? undefined : title.join('\n') };
  const pull = /^refs\/(?:pull|pulls|merge-requests)\/(\d+)\//.exec(source.Ref ?? '')?.[1];
  const isPush = requesters.length > 0 && caller === undefined;
  if (trigger === 'pull-request' || (isPush && pull !== undefined))
    return { ...start, icon: 'compare', words: TRIGGERS['pull-request'] + (pull === undefined ? '' : ` ${pull}`) };
  if (trigger === 'push' || isPush) return { ...start, icon: 'branch', words: TRIGGERS.push };
  if (trigger === 'rebuild' || requesters.some(({ Part: part }) => part === 'record'))
    return { ...start, icon: 'rebuild', words: TRIGGERS.rebuild + by };
  if (trigger === 'rule' || requesters.some(({ Part: part }) => part === 'rule'))
    return { ...start, icon: 'play', words: TRIGGERS.rule + by };
  return { ...start, icon: 'user', words: TRIGGERS.call + by };
}

/** The name of a branch or Git tag as people write it. */
export function shortRef(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, '');
}
