import type { RegexProgram } from '@slipway/logbook/search';
import type { BuildRecord, DockerfileLines } from '#build/build.ts';
import type { BuildStep } from '#build/build-step.ts';
import { listBuildSteps } from '#build/step-store.ts';
import { ApiError } from '#rpc/api-error.ts';
import type { Means } from '#rpc/context.ts';
import type { Card, Line } from '#rpc/native-types.gen.ts';
import { lineReply } from './log-reply.ts';
import { type Found, searchBuild } from './log-search.ts';
import { type LogSection, listSections } from './log-sections.ts';

const LAST_LINES = 20;
const HITS_TO_JUDGE = 20;
/** As long the first line that looks like an error is looked for. */
const ERROR_SEARCH_MS = 15_000;
/** What errors look like, whatever the case; a colour may stand before them, whose last letter is part of no word. */
const ERROR_LOOKS = String.raw`(?:\b|\x1b\[[0-9;:]*m)(error|errors|fatal|panic|exception|traceback|failed|failure|cannot|can't|could not|couldn't|no such file|not found|denied|undefined reference|unresolved|unknown|missing|segmentation fault|killed)\b|^E: |\berr!`;
/** What only speaks of errors. */
const ONLY_SPEAKS = /\b(0|no) (errors?|failures?|failed)\b|\b(errors?|failures?|failed): ?0\b/i;

/** The card of a build. One that has not failed has its status and last lines only. */
export async function failureCard(
  means: Pick<Means, 'db' | 'logbook'>,
  program: RegexProgram,
  record: BuildRecord,
): Promise<Card> {
  const { db, logbook } = means;
  const id = record.buildRecordId;
  const state = logbook.state(id);
  const { failure } = record;
  const isRead = state !== undefined && failure !== undefined;
  const steps = isRead ? await listBuildSteps(db, id) : [];
  const sections = isRead ? await listSections(logbook, id, steps) : [];
  const step = failingSection(sections, steps);
  const lastLine = step ? step.firstLine + step.lineCount - 1 : (state?.lineCount ?? 0);
  const first = Math.max(step?.firstLine ?? 1, lastLine - LAST_LINES + 1);
  return {
    BuildRecordId: id,
    Status: record.status,
    Failure: failure && { Fault: failure.fault, Message: failure.message },
    ExitCode: failure?.exitCode,
    Step: step && {
      BuildStage: step.stage,
      Step: step.step,
      Place: step.place,
      Instruction: step.instruction,
      FirstLine: step.firstLine,
    },
    Dockerfile: failure?.dockerfile && dockerfileReply(failure.dockerfile),
    ErrorLine: step && (await errorLine(means, program, id, step)),
    LastLines: state === undefined ? [] : logbook.lines(id, first - 1, lastLine - first + 1).map(lineReply),
    Verdict: state?.seal?.verdict,
  };
}

function dockerfileReply({ path, firstLine, lastLine, lines }: DockerfileLines) {
  return { Path: path, FirstLine: firstLine, LastLine: lastLine, Lines: lines };
}

/**
 * Where the build failed, if its last stage has steps: at the step that failed, else at the one that was told of last. Steps run
 * side by side, and those that are stopped for another's failure have no exit code.
 */
function failingSection(sections: readonly LogSection[], steps: readonly BuildStep[]): LogSection | undefined {
  const inStage = sections.filter(({ stage }) => stage === sections.at(-1)?.stage);
  const failed = steps.find(({ exitCode }) => exitCode !== undefined && exitCode !== 0);
  return (
    inStage.findLast(({ step }) => step === failed?.step) ?? inStage.findLast(({ step }) => step > 0) ?? inStage.at(-1)
  );
}

async function errorLine(
  means: Pick<Means, 'db' | 'logbook'>,
  program: RegexProgram,
  id: string,
  step: LogSection,
): Promise<Line | undefined> {
  // The line that announces a step repeats its instruction, in which errors may be spoken of.
  const from = step.firstLine + (step.step === 0 ? 0 : 1);
  const pattern = { kind: 'regex', expression: ERROR_LOOKS, ignoreCase: true } as const;
  const end = step.firstLine + step.lineCount;
  const deadlineMs = performance.now() + ERROR_SEARCH_MS;
  for (let next: number | undefined = from; next !== undefined && next < end; ) {
    const leftMs = deadlineMs - performance.now();
    if (leftMs <= 0) return undefined;
    const search = { pattern, context: 0, limit: HITS_TO_JUDGE };
    const found: Found<number> | undefined = await searchBuild(means, program, id, next, search, leftMs).catch(
      ifTooSlow,
    );
    const lines = (found?.hits ?? []).map((hit) => hit.Line).filter((line) => line.LineNumber < end);
    const line = lines.find(({ Message }) => !ONLY_SPEAKS.test(Message));
    if (line !== undefined) return line;
    next = found?.next;
  }
  return undefined;
}

/** The pattern is a good one: where a search is refused, the machine had no time for it, and the card goes without the line. */
function ifTooSlow(error: unknown): undefined {
  if (!(error instanceof ApiError)) throw error;
  return undefined;
}
