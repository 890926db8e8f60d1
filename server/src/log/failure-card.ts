import { readLines } from '@slipway/logbook';
import type { RegexProgram } from '@slipway/logbook/search';
import type { BuildFailure, BuildRecord, DockerfileLines } from '#build/build.ts';
import type { BuildStep } from '#build/build-step.ts';
import { findLastGoodBuild } from '#build/build-store.ts';
import { FAULT_SENTENCES, type FailureFacts, fixesFor } from '#build/failure/failure-kind.ts';
import type { FixRow } from '#build/failure/failure-row.ts';
import { listBuildSteps } from '#build/step-store.ts';
import { getStoredRepository } from '#repository/repository-store.ts';
import type { Means } from '#rpc/context.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import type { Card, Line } from '#rpc/native-types.gen.ts';
import { failureReply } from './failure-reply.ts';
import { lineReply } from './log-reply.ts';
import { type Found, searchBuild } from './log-search.ts';
import { type LogSection, listSections } from './log-sections.ts';

const LAST_LINES = 20;
const HITS_TO_JUDGE = 20;
/** Time limit of the search for the first error line. */
const ERROR_SEARCH_MS = 15_000;
/** What errors look like, ignoring case. A colour code may precede them; its last letter is not part of the word. */
const ERROR_LOOKS = String.raw`(?:\b|\x1b\[[0-9;:]*[mK])(error|errors|fatal|panic|exception|traceback|failed|failure|cannot|can't|could not|couldn't|no such file|not found|denied|undefined reference|unresolved|unknown|missing|segmentation fault|killed)\b|^E: |\berr!`;
/** Lines that mention errors without being one. */
const ONLY_SPEAKS = /\b(0|no) (errors?|failures?|failed)\b|\b(errors?|failures?|failed): ?0\b/i;

/** The line that ends a stage says that it failed, but not why. */
const STAGE_END = /^(fetch|build|push) stage failed after [\d.]+ s$/;

/** The card of a build. If the build has not failed, it has only the status and the last lines. */
export async function failureCard(
  means: Pick<Means, 'db' | 'logbook'>,
  program: RegexProgram,
  record: BuildRecord,
): Promise<Card> {
  const { db, logbook } = means;
  const id = record.buildRecordId;
  const log = await logbook.open(id);
  const state = await log?.reach();
  const { failure } = record;
  const failed = failure === undefined ? undefined : log;
  const steps = failed ? await listBuildSteps(db, id) : [];
  const sections = failed ? await listSections(failed, steps) : [];
  const step = failingSection(sections, steps);
  const lastLine = step ? step.firstLine + step.lineCount - 1 : (state?.lineCount ?? 0);
  const first = Math.max(step?.firstLine ?? 1, lastLine - LAST_LINES + 1);
  const error = step && failure && (await errorLine(means, program, { id, failure, step }));
  return {
    BuildRecordId: id,
    Status: record.status,
    Failure: failureReply(failure),
    Summary: failure && (failure.summary ?? failure.message),
    Whose: failure && FAULT_SENTENCES[failure.fault],
    Fixes: failure
      ? fixesFor(failure.kind, await factsOf(db, record), record.source.kind === 'archive').map(fixReply)
      : [],
    ExitCode: failure?.exitCode,
    Step: step && {
      BuildStage: step.stage,
      Step: step.step,
      Place: step.place,
      Instruction: step.instruction,
      FirstLine: step.firstLine,
    },
    Dockerfile: failure?.dockerfile && dockerfileReply(failure.dockerfile),
    ErrorLine: error?.line,
    IsGuess: error?.isGuess,
    LastLines: log === undefined ? [] : (await readLines(log, first - 1, lastLine - first + 1)).map(lineReply),
    LastGoodBuildRecordId: failure && (await findLastGoodBuild(db, record))?.buildRecordId,
    Verdict: state?.seal?.verdict,
  };
}

/** What the commands that fix a failure may name. */
async function factsOf(db: Means['db'], record: BuildRecord): Promise<FailureFacts> {
  const { source, buildRecordId, failure, instanceId, repoId } = record;
  const { namespaceName, name } = await getStoredRepository(db, instanceId, repoId);
  return {
    build: buildRecordId,
    tag: record.imageTag,
    ...(source.kind === 'code-host' ? { type: source.type } : {}),
    repository: `${namespaceName}/${name}`,
    ...failure?.facts,
  };
}

function fixReply({ text, setting, command }: FixRow) {
  return { Text: text, Setting: setting, Command: command };
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

/** A failed build, and where in its log it failed. */
interface FailedSection {
  id: string;
  failure: BuildFailure;
  step: LogSection;
}

/**
 * The line that tells the cause. Only a program in a step says itself why it failed, so there it is the first line that looks like
 * an error; otherwise, and if the program printed none, it is the one in which the server says why.
 */
async function errorLine(
  means: Pick<Means, 'db' | 'logbook'>,
  program: RegexProgram,
  { id, failure, step }: FailedSection,
): Promise<{ line: Line; isGuess: boolean } | undefined> {
  const { kind, line } = failure;
  const isGuess = kind === undefined || failure.exitCode !== undefined;
  const found = isGuess ? await searchErrorLine(means, program, id, step) : undefined;
  if (found) return { line: found, isGuess };
  const [own] = line === undefined ? [] : await means.logbook.lines(id, line - 1, 1);
  return own && { line: lineReply(own), isGuess: false };
}

async function searchErrorLine(
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
    const line = lines.find(
      ({ Message }) => !ONLY_SPEAKS.test(Message) && !(step.step === 0 && STAGE_END.test(Message)),
    );
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
