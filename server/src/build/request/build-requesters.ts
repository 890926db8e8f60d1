import type { Requester } from '#account/requester.ts';
import type { BuildRecord, BuildRequester } from '../build.ts';

/** For whom a build by a rule runs: who called for it, unless a push did, and the two who decided what the rule builds. */
export function requestersByRule(
  caller: Requester | undefined,
  rule: { requester: Requester | undefined },
  source: { requester: Requester | undefined },
): BuildRequester[] {
  const decided: BuildRequester[] = [
    { part: 'rule', who: rule.requester },
    { part: 'source', who: source.requester },
  ];
  return caller === undefined ? decided : [{ part: 'call', who: caller }, ...decided];
}

/**
 * For whom a build runs that repeats another one: who calls for it, and who decided what is built. These are the rule's and
 * the source's where the record came from a rule, or else who called for it. Who only repeated it, or started its rule, decided
 * nothing of it and drops out, so that the list stays short however often a build is repeated.
 */
export function requestersByRecord(
  caller: Requester,
  { requesters = [] }: Pick<BuildRecord, 'requesters'>,
): BuildRequester[] {
  const decided = requesters.filter(({ part }) => part !== 'call');
  const call = requesters.find(({ part }) => part === 'call');
  const earlier: BuildRequester[] = decided.length > 0 ? decided : [{ part: 'record', who: call?.who }];
  return [{ part: 'call', who: caller }, ...earlier];
}
