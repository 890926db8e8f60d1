import type { DivergentSide, LogDiff } from '#build/diff/build-diff.ts';
import type { DiffSection, SectionPair } from '#build/diff/diff-section.ts';
import { lineReply } from '#log/log-reply.ts';
import type { DiffSide, DiffStep, NativeOperations } from '#rpc/native-types.gen.ts';

type Diff = NativeOperations['diffBuilds']['reply'];

/** A Dockerfile has fewer; a forged log may have more. */
const STEPS_SHOWN = 1000;

/** Where two builds part, and their steps side by side. */
export function diffReply(
  { first, comparedLines, complete }: LogDiff,
  pairs: readonly SectionPair[],
): Pick<Diff, 'First' | 'Steps' | 'ComparedLines' | 'Complete'> {
  const steps = pairs.filter(({ build, other }) => (build ?? other)?.step !== 0);
  return {
    First: first && { Kind: first.kind, Build: sideReply(first.build), With: sideReply(first.other) },
    Steps: steps.slice(0, STEPS_SHOWN).map(({ build, other }) => ({ Build: stepReply(build), With: stepReply(other) })),
    ComparedLines: comparedLines,
    Complete: complete,
  };
}

function sideReply({ section, lines }: DivergentSide): DiffSide {
  return {
    BuildStage: section?.stage,
    Step: section?.step,
    Place: section?.place,
    Instruction: section?.instruction,
    ExitCode: section?.exitCode,
    LineNumber: section && (lines[0]?.lineNumber ?? endOf(section)),
    Lines: lines.map(lineReply),
  };
}

/** The line after a section that has no further line to show. */
function endOf({ ranges }: DiffSection): number {
  return (ranges.at(-1)?.lastLine ?? 0) + 1;
}

function stepReply(section: DiffSection | undefined): DiffStep | undefined {
  if (section === undefined) return undefined;
  const { step, place = String(step), instruction, cached, exitCode, durationMs, ranges } = section;
  return {
    Step: step,
    Place: place,
    Instruction: instruction,
    Cached: cached,
    ExitCode: exitCode,
    DurationMs: durationMs,
    FirstLine: ranges[0]?.firstLine ?? 1,
  };
}
