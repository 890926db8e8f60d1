import type { BaseImage, BuildRecord } from '#build/build.ts';
import { findLastGoodBuild } from '#build/build-store.ts';
import { diffLogs, type LogDiff } from '#build/diff/build-diff.ts';
import { alignSections, type DiffSection, listDiffSections, type SectionPair } from '#build/diff/diff-section.ts';
import { listStretches } from '#build/logs/log-stretches.ts';
import { listBuildSteps } from '#build/step-store.ts';
import { ConfinedWork, ConfinedWorkExhausted } from '#confined/confined-work.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { type NativeContext, nativeOperation } from '../native-operation.ts';
import { buildOf, buildWithLog, refuseExpired } from '../replies/build-of.ts';
import { diffReply } from '../replies/diff-reply.ts';

/**
 * `GET /builds/ID/diff`: the first difference between a build and another one (`with`), or the last earlier one of its
 * repository and tag that succeeded.
 */
export default nativeOperation('diffBuilds', async (context, { id, with: named }) => {
  const { logbook, principal, searches } = context;
  const record = await buildWithLog(context, id);
  const other = named === undefined ? await lastGood(context, record) : await buildOf(context, named);
  const [build, compared] = [await sectionsOf(context, record), await sectionsOf(context, other)];
  const ids = [record.buildRecordId, other.buildRecordId] as const;
  const { found, pairs } = await searches
    .run(principal, async () => {
      await using work = new ConfinedWork();
      const pairs = await alignSections(work, build, compared);
      return { found: await diffLogs({ logbook, work }, ...ids, pairs), pairs };
    })
    .catch(notComplete);
  return {
    BuildRecordId: record.buildRecordId,
    Status: record.status,
    WithBuildRecordId: other.buildRecordId,
    WithStatus: other.status,
    CommitId: record.commitId,
    WithCommitId: other.commitId,
    BaseImages: changedBases(record.baseImages ?? [], other.baseImages ?? []),
    ...diffReply(found, pairs),
  };
});

/** Logs that are too expensive to compare are reported like those that are too long. */
function notComplete(error: unknown): { found: LogDiff; pairs: SectionPair[] } {
  if (!(error instanceof ConfinedWorkExhausted)) throw error;
  return { found: { first: undefined, comparedLines: 0, complete: false }, pairs: [] };
}

async function lastGood({ db }: NativeContext, record: BuildRecord): Promise<BuildRecord> {
  const found = await findLastGoodBuild(db, record);
  if (found) return found;
  throw new ApiError(
    'NO_GOOD_BUILD',
    404,
    'No earlier build of this repository and tag succeeded, so there is nothing to compare this one with.',
  );
}

async function sectionsOf({ db, logbook }: NativeContext, record: BuildRecord): Promise<DiffSection[]> {
  const { buildRecordId } = record;
  refuseExpired(record);
  const log = await logbook.open(buildRecordId);
  if (!log) return [];
  return listDiffSections(await listStretches(log), await listBuildSteps(db, buildRecordId));
}

/** Base images with different digests, or that only one of the builds has. */
function changedBases(build: readonly BaseImage[], other: readonly BaseImage[]) {
  const names = [...new Set([...build, ...other].map((image) => image.name))];
  const digestOf = (images: readonly BaseImage[], name: string) => images.find((image) => image.name === name)?.digest;
  return names
    .map((name) => ({ Name: name, Digest: digestOf(build, name), WithDigest: digestOf(other, name) }))
    .filter(({ Digest, WithDigest }) => Digest !== WithDigest);
}
