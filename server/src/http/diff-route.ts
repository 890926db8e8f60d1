import type { FastifyInstance } from 'fastify';
import type { BaseImage, BuildRecord } from '#build/build.ts';
import { type DivergentSide, diffLogs, type LogDiff } from '#build/build-diff.ts';
import { findLastGoodBuild, getBuildRecord } from '#build/build-store.ts';
import { alignSections, type DiffSection, listDiffSections } from '#build/diff-section.ts';
import { listBuildSteps } from '#build/step-store.ts';
import { ConfinedWork, ConfinedWorkExhausted } from '#confined/confined-work.ts';
import { ApiError } from '#rpc/api-error.ts';
import { readQuery, text } from './api-query.ts';
import { logReaderOf, refuseExpired } from './log-reader.ts';
import { lineReply } from './log-reply.ts';
import type { BuildRequest, NativeApi } from './native-api.ts';
import type { SearchGate } from './search-gate.ts';

const QUERY = { with: text(/^[0-9a-fA-F-]{36}$/, 'a BuildRecordId') };

/**
 * `GET /builds/ID/diff`: where a build first went another way than another one (`with`), or than the last one of its
 * repository and tag that succeeded before it.
 */
export async function diffRoute(
  app: FastifyInstance,
  { api, gate }: { api: NativeApi; gate: SearchGate },
): Promise<void> {
  const { db, logbook } = api.means;

  app.get('/builds/:id/diff', async (request: BuildRequest) => {
    const { principal, record } = await logReaderOf(api, request);
    const { with: named } = readQuery(request, QUERY);
    const other =
      named === undefined
        ? await lastGood(api, record)
        : await getBuildRecord(db, { instanceId: api.instanceId, buildRecordId: named });
    const [build, compared] = [await sectionsOf(api, record), await sectionsOf(api, other)];
    const ids = [record.buildRecordId, other.buildRecordId] as const;
    const { first, comparedLines, complete } = await gate
      .run(principal, async () => {
        await using work = new ConfinedWork();
        const pairs = await alignSections(work, build, compared);
        return diffLogs({ logbook, work }, ...ids, pairs);
      })
      .catch(notComplete);
    return {
      RequestId: request.id,
      BuildRecordId: record.buildRecordId,
      Status: record.status,
      WithBuildRecordId: other.buildRecordId,
      WithStatus: other.status,
      CommitId: record.commitId,
      WithCommitId: other.commitId,
      BaseImages: changedBases(record.baseImages ?? [], other.baseImages ?? []),
      First: first && { Kind: first.kind, Build: sideReply(first.build), With: sideReply(first.other) },
      ComparedLines: comparedLines,
      Complete: complete,
    };
  });
}

/** Logs that cost too much to compare are told as longer ones are. */
function notComplete(error: unknown): LogDiff {
  if (!(error instanceof ConfinedWorkExhausted)) throw error;
  return { first: undefined, comparedLines: 0, complete: false };
}

async function lastGood({ means }: NativeApi, record: BuildRecord): Promise<BuildRecord> {
  const found = await findLastGoodBuild(means.db, record);
  if (found) return found;
  throw new ApiError(
    'NO_GOOD_BUILD',
    404,
    'No earlier build of this repository and tag succeeded, so there is nothing to compare this one with.',
  );
}

async function sectionsOf({ means }: NativeApi, record: BuildRecord): Promise<DiffSection[]> {
  const { buildRecordId } = record;
  refuseExpired(record);
  if (!means.logbook.state(buildRecordId)) return [];
  return listDiffSections(means.logbook.runs(buildRecordId), await listBuildSteps(means.db, buildRecordId));
}

/** Base images whose digest is another, or that only one of the builds has. */
function changedBases(build: readonly BaseImage[], other: readonly BaseImage[]) {
  const names = [...new Set([...build, ...other].map((image) => image.name))];
  const digestOf = (images: readonly BaseImage[], name: string) => images.find((image) => image.name === name)?.digest;
  return names
    .map((name) => ({ Name: name, Digest: digestOf(build, name), WithDigest: digestOf(other, name) }))
    .filter(({ Digest, WithDigest }) => Digest !== WithDigest);
}

function sideReply({ section, lines }: DivergentSide) {
  return {
    BuildStage: section?.stage,
    Step: section?.step,
    Instruction: section?.instruction,
    ExitCode: section?.exitCode,
    Lines: lines.map(lineReply),
  };
}
