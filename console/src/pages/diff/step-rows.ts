import type { Diff } from './diff-queries.ts';

type Pair = Diff['Steps'][number];

/** A step of this build, of the other, or the same one of both. */
export interface StepPair {
  build: Pair['Build'];
  other: Pair['With'];
  change: string;
}

/** The steps of both builds with what changed. A step whose instruction changed is one row, if it has the same place. */
export function stepRows(pairs: readonly Pair[], status: Diff['Status']): StepPair[] {
  const rows: StepPair[] = [];
  const lastRun = pairs.findLastIndex(({ Build: build }) => build !== undefined);
  for (const [at, { Build: build, With: other }] of pairs.entries()) {
    const before = rows.findLast((row) => row.other === undefined && row.build?.Place === other?.Place);
    if (build === undefined && other !== undefined && before) {
      before.other = other;
      before.change =
        before.build?.ExitCode === other.ExitCode ? 'changed' : `changed, ${exitText(before.build, other)}`;
      continue;
    }
    const isLater = at > lastRun && status !== 'SUCCESS';
    rows.push({ build, other, change: changeOf(build, other, isLater) });
  }
  return rows;
}

function changeOf(build: Pair['Build'], other: Pair['With'], isLater: boolean): string {
  if (!other) return 'new';
  if (!build) return isLater ? 'did not run' : 'not in this build';
  return build.ExitCode === other.ExitCode ? 'same' : exitText(build, other);
}

function exitText(build: Pair['Build'], other: Pair['With']): string {
  return `exit code ${build?.ExitCode ?? 'unknown'}, was ${other?.ExitCode ?? 'unknown'}`;
}
