import { callNative } from '@slipway/client/call-native.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { queryOptions } from '@tanstack/react-query';
import { currentClient } from '../session/session.ts';

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

/** Everyone who may make a call, or whom a policy denies it. */
export function allowedCallersQuery(action: string, resource: string) {
  return queryOptions({
    queryKey: ['access', 'callers', action, resource],
    queryFn: async () => {
      const callers: AllowedCaller[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await callNative(currentClient(), 'listAllowedCallers', { action, resource, cursor });
        callers.push(...page.Callers);
        cursor = page.Cursor;
        if (cursor === undefined) return callers;
      }
    },
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
