import type { Requester } from '#account/requester.ts';
import type { BuildRecord, BuildRequester } from '../build.ts';

/** The requesters of a build by a rule: its caller, unless a push started it, and the authors of the rule and the source. */
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
 * The requesters of a repeated build: its caller, and those who decided what is built. The latter are the authors of the rule and
 * the source if the record came from a rule, or else the record's caller. Those who only repeated the build or started its rule
 * decided nothing and are left out, so that the list stays short however often a build is repeated.
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
