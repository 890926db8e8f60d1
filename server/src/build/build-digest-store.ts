import type { Database } from '#db/database.ts';
import type { BuildOptions } from './build-options.ts';

/** The build that made an image. */
interface BuildOfDigest {
  buildRecordId: string;
  endedMs: number | undefined;
  commitId: string | undefined;
  /** Those that the build was asked for; undefined for the server's own. */
  platforms: string[] | undefined;
}

/** For each of these image digests, the newest build of the repository that produced it. */
export async function findBuildsOfDigests(
  db: Database,
  repoId: string,
  digests: readonly string[],
): Promise<Map<string, BuildOfDigest>> {
  if (digests.length === 0) return new Map();
  const rows = await db
    .selectFrom('build_record')
    .select(['image_digest', 'build_record_id', 'ended_ms', 'commit_id', 'options'])
    .where('repo_id', '=', repoId)
    .where('image_digest', 'in', [...digests])
    .orderBy('sequence')
    .execute();
  // A later row replaces an earlier one with the same digest.
  return new Map(
    rows.map((row) => [
      row.image_digest ?? '',
      {
        buildRecordId: row.build_record_id,
        endedMs: row.ended_ms ?? undefined,
        commitId: row.commit_id ?? undefined,
        platforms: row.options === null ? undefined : (JSON.parse(row.options) as BuildOptions).platforms,
      },
    ]),
  );
}
