import type { BuildRecord } from '#build/build.ts';
import type { BuildStep } from '#build/build-step.ts';

/** A span: a named period of time, and the spans inside it. Times are in milliseconds since 1970. */
export interface SpanData {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Why it failed. */
  readonly failure?: string | undefined;
  readonly children: readonly SpanData[];
}

/** When a stage began, according to its first line. */
export interface StageStart {
  readonly stage: string;
  readonly startMs: number;
}

/** The data for a build's trace. */
export interface BuildFacts {
  readonly record: BuildRecord;
  /** NAMESPACE/NAME */
  readonly repository: string;
  readonly lineCount: number;
  readonly stages: readonly StageStart[];
  readonly steps: readonly BuildStep[];
}

const NAME_LIMIT_CHARS = 120;

/** The trace of a finished build: time in the queue, then its stages, with the steps inside the build stage. */
export function buildSpans({ record, repository, lineCount, stages, steps }: BuildFacts): SpanData {
  const { createdMs, startedMs = createdMs, endedMs = startedMs, failure } = record;
  const queue: SpanData = { name: 'queue', startMs: createdMs, endMs: startedMs, attributes: {}, children: [] };
  const spans = stages.map(({ stage, startMs }, at): SpanData => {
    const isLast = at + 1 === stages.length;
    const endMs = Math.max(startMs, isLast ? endedMs : (stages[at + 1]?.startMs ?? endedMs));
    const children = stage === 'DOCKER_IMAGE_BUILD' ? steps.map((step) => stepSpan(step, endMs)) : [];
    return { name: stage, startMs, endMs, attributes: {}, failure: isLast ? failure?.message : undefined, children };
  });
  return {
    name: `build ${repository}:${record.imageTag}`,
    startMs: createdMs,
    endMs: endedMs,
    attributes: {
      'slipway.build.id': record.buildRecordId,
      'slipway.build.status': record.status,
      'slipway.build.fault': failure?.fault,
      'slipway.build.lines': lineCount,
      'slipway.repository': repository,
      'slipway.image.tag': record.imageTag,
      'slipway.image.digest': record.imageDigest,
      'vcs.ref.head.revision': record.commitId,
    },
    failure: failure?.message,
    children: [queue, ...spans],
  };
}

function stepSpan(step: BuildStep, stageEndMs: number): SpanData {
  const { endedMs = stageEndMs, exitCode } = step;
  return {
    name: step.instruction.slice(0, NAME_LIMIT_CHARS),
    startMs: step.startedMs,
    endMs: endedMs,
    attributes: { 'slipway.step': step.step, 'slipway.step.cached': step.cached, 'slipway.step.exit_code': exitCode },
    failure: exitCode === undefined || exitCode === 0 ? undefined : `exit code ${exitCode}`,
    children: [],
  };
}
