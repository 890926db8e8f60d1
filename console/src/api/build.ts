import type { BuildStatus, NativeCalls } from '@slipway/client/native.gen.ts';

/** The types that the console reads from the native API; `spec/native.json` defines them. */
export type { Build, BuildStatus, Card, Line, Section, Step } from '@slipway/client/native.gen.ts';
export type BuildDetail = NativeCalls['getBuild']['reply'];
/** What the viewer of a log needs of its build. */
export type LoggedBuild = Pick<BuildDetail, 'BuildRecordId' | 'Status' | 'Seal' | 'EndTime'>;
export type LogPage = NativeCalls['getLogPage']['reply'];
export type SearchReply = NativeCalls['searchLog']['reply'];

/** Whether a build has ended, so that its status no longer changes. */
export function isFinal(status: BuildStatus): boolean {
  return status === 'SUCCESS' || status === 'FAILED' || status === 'CANCELED';
}
