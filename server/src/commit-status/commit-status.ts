import type { BuildRecord } from '#build/build.ts';

/** The state of a build, as code hosts distinguish it. `error`: the machine or a setting of the server ended the build. */
export type CommitState = 'waiting' | 'building' | 'success' | 'failure' | 'error' | 'cancelled';

/** A commit of a repository. */
export interface Commit {
  namespaceName: string;
  name: string;
  commitId: string;
}

/** What a code host shows beside a commit. */
export interface CommitStatus {
  state: CommitState;
  /** Distinguishes this status from those of other builds of the commit. */
  name: string;
  /** One line. */
  description: string;
  /** The page of the build. */
  url: string;
}

/** The commit of a build, at a code host; undefined for other sources, and while it is unknown. */
export function commitOf({ source, commitId }: BuildRecord): Commit | undefined {
  if (source.kind !== 'code-host') return undefined;
  const known = commitId ?? source.commitId;
  return known === undefined ? undefined : { namespaceName: source.namespaceName, name: source.name, commitId: known };
}

/** The status of the commit of a build, from its record. */
export function commitStatusOf(
  record: BuildRecord,
  image: { namespaceName: string; name: string },
  publicUrl: string,
): CommitStatus {
  return {
    ...stateOf(record),
    name: `slipway/${image.namespaceName}/${image.name}:${record.imageTag}`,
    url: `${publicUrl}/console/builds/${record.buildRecordId}`,
  };
}

function stateOf(record: BuildRecord): Pick<CommitStatus, 'state' | 'description'> {
  const { status, failure, supersededBy, startedMs, endedMs } = record;
  switch (status) {
    case 'PENDING':
      return { state: 'waiting', description: 'Waiting to be built' };
    case 'BUILDING':
      return { state: 'building', description: 'Building' };
    case 'SUCCESS':
      return { state: 'success', description: `Built in ${duration((endedMs ?? 0) - (startedMs ?? endedMs ?? 0))}` };
    case 'CANCELED':
      return { state: 'cancelled', description: supersededBy ? 'Replaced by a newer build' : 'Cancelled' };
    case 'FAILED':
      return {
        state: failure?.fault === 'source' ? 'failure' : 'error',
        description: firstLine(failure?.summary ?? failure?.message ?? 'Failed'),
      };
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
