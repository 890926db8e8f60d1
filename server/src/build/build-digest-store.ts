import type { Database } from '#db/database.ts';

/** The build that made an image. */
interface BuildOfDigest {
  buildRecordId: string;
  endedMs: number | undefined;
  commitId: string | undefined;
}

/** For each of these image digests, the newest build of the repository that produced it. */
export async function findBuildsOfDigests(
  db: Database,
  repoId: string,
  digests: readonly string[],
): Promise<Map<string, BuildOfDigest>> {
  if (digests.length === 0) return new Map();
  const rows = await newestOfDigests(db, repoId, digests).execute();
  return new Map(
    rows.map((row) => [
      row.image_digest ?? '',
      {
        buildRecordId: row.build_record_id,
        endedMs: row.ended_ms ?? undefined,
        commitId: row.commit_id ?? undefined,
      },
    ]),
  );
}

/** The query of `findBuildsOfDigests`: a digest may have thousands of builds, of which it reads one. */
export function newestOfDigests(db: Database, repoId: string, digests: readonly string[]) {
  return db
    .selectFrom('build_record')
    .select(['image_digest', 'build_record_id', 'ended_ms', 'commit_id'])
    .where('sequence', 'in', (eb) =>
      eb
        .selectFrom('build_record as of_digest')
        .select(({ fn }) => fn.max('of_digest.sequence').as('newest'))
        .where('of_digest.repo_id', '=', repoId)
        .where('of_digest.image_digest', 'in', [...digests])
        .groupBy('of_digest.image_digest'),
    );
}
