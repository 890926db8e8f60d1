import type { BuildStatus, NativeCalls } from '@slipway/client/native.gen.ts';

/** What the console reads of the native API, as `spec/native.json` has it. */
export type { Build, BuildStatus, Card, Line, Section, Step } from '@slipway/client/native.gen.ts';
export type BuildDetail = NativeCalls['getBuild']['reply'];
export type LogPage = NativeCalls['getLogPage']['reply'];
export type SearchReply = NativeCalls['searchLog']['reply'];

/** Whether a build has ended: its status changes no more. */
export function isFinal(status: BuildStatus): boolean {
  return status === 'SUCCESS' || status === 'FAILED' || status === 'CANCELED';
}
