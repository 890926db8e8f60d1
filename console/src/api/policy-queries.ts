import { callNative } from '@slipway/client/call-native.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { currentClient } from '../session/session.ts';
import { getNative, queryOf } from './native-api.ts';

/** A mistake in the text of a policy, or a doubt about it. */
export type PolicyNote = NativeCalls['checkPolicy']['reply']['Notes'][number];
/** Someone whom a policy allows or denies a call. */
export type AllowedCaller = NativeCalls['listAllowedCallers']['reply']['Callers'][number];
/** A question to the simulator. */
export type PolicyQuestion = NativeCalls['simulatePolicy']['params'];

/** What the server says of the text of a policy. */
export function policyNotesQuery(document: string) {
  return queryOptions({
    queryKey: ['policy notes', document],
    queryFn: async () => (await callNative(currentClient(), 'checkPolicy', { PolicyDocument: document })).Notes,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

/** The actions that a policy can name. */
export function policyActionsQuery() {
  return queryOptions({
    queryKey: ['policy actions'],
    queryFn: async () => (await callNative(currentClient(), 'listPolicyActions', {})).Actions,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The server looks at some callers at a time; this many found ones are shown before more are asked for. */
const CALLERS_SHOWN = 200;

/** Everyone who may make a call, or whom a policy denies it, some hundred at a time. */
export function allowedCallersQuery(action: string, resource: string) {
  return infiniteQueryOptions({
    queryKey: ['access', 'callers', action, resource],
    queryFn: async ({ signal, pageParam }) => {
      const callers: AllowedCaller[] = [];
      let cursor: string | undefined = pageParam;
      do {
        const query = queryOf({ action, resource, cursor });
        const page: NativeCalls['listAllowedCallers']['reply'] = await getNative(`/policy/callers${query}`, signal);
        callers.push(...page.Callers);
        cursor = page.Cursor;
      } while (cursor !== undefined && callers.length < CALLERS_SHOWN);
      return { callers, cursor };
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
    enabled: action !== '',
  });
}

/** How a call would be decided, and why. */
export function simulationQuery(question: PolicyQuestion) {
  return queryOptions({
    queryKey: ['access', 'simulation', question],
    queryFn: () => callNative(currentClient(), 'simulatePolicy', question),
    enabled: question.Action !== '' && (question.UserName ?? question.RoleName) !== undefined,
  });
}
