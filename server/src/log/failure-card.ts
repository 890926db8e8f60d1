import type { RegexProgram } from '@slipway/logbook/search';
import type { BuildRecord, DockerfileLines } from '#build/build.ts';
import type { BuildStep } from '#build/build-step.ts';
import { listBuildSteps } from '#build/step-store.ts';
import type { Means } from '#rpc/context.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import type { Card, Line } from '#rpc/native-types.gen.ts';
import { lineReply } from './log-reply.ts';
import { type Found, searchBuild } from './log-search.ts';
import { type LogSection, listSections } from './log-sections.ts';

const LAST_LINES = 20;
const HITS_TO_JUDGE = 20;
/** Time limit of the search for the first error line. */
const ERROR_SEARCH_MS = 15_000;
/** What errors look like, ignoring case. A colour code may precede them; its last letter is not part of the word. */
const ERROR_LOOKS = String.raw`(?:\b|\x1b\[[0-9;:]*m)(error|errors|fatal|panic|exception|traceback|failed|failure|cannot|can't|could not|couldn't|no such file|not found|denied|undefined reference|unresolved|unknown|missing|segmentation fault|killed)\b|^E: |\berr!`;
/** Lines that mention errors without being one. */
const ONLY_SPEAKS = /\b(0|no) (errors?|failures?|failed)\b|\b(errors?|failures?|failed): ?0\b/i;

/** The card of a build. If the build has not failed, it has only the status and the last lines. */
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
    Summary: failure && (failure.summary ?? failure.message),
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
 * Where the build failed, if its last stage has steps: the step that failed, or else the last one in the log. Steps run in
 * parallel, and a step that is stopped because another one failed has no exit code.
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
  // Skip the line that announces a step: it repeats the instruction, which may mention errors.
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

/** The pattern is valid, so a refused search means that the machine had no time for it. The card then has no error line. */
function ifTooSlow(error: unknown): undefined {
  if (!(error instanceof ApiError)) throw error;
  return undefined;
}
