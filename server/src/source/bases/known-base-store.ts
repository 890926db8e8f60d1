import type { Database } from '#db/database.ts';

/** An image name for one platform, within the scope of those who may fetch it. */
export interface BaseName {
  scope: string;
  name: string;
  platform: string;
}

/** What an image name resolved to when its registry last answered. */
export interface KnownBase {
  /** The digest of the image, or of the index of images for several platforms. */
  listedDigest: string;
  /** The digest of the image for the platform. */
  digest: string;
  seenMs: number;
}

/** Anyone can make up image names, so only this many are kept: the most recently seen. */
const ROWS_LIMIT = 20_000;

/** Records what a name resolves to now. */
export async function saveKnownBase(db: Database, base: BaseName, known: KnownBase): Promise<void> {
  const { listedDigest, digest, seenMs } = known;
  const changed = { listed_digest: listedDigest, digest, seen_ms: seenMs };
  await db
    .insertInto('known_base')
    .values({ ...base, ...changed })
    .onConflict((conflict) => conflict.columns(['scope', 'name', 'platform']).doUpdateSet(changed))
    .execute();
  const oldest = db.selectFrom('known_base').select('seen_ms').orderBy('seen_ms', 'desc').offset(ROWS_LIMIT).limit(1);
  await db.deleteFrom('known_base').where('seen_ms', '<=', oldest).execute();
}

/** What a name last resolved to; undefined if its registry never answered. */
export async function findKnownBase(db: Database, base: BaseName): Promise<KnownBase | undefined> {
  const row = await db
    .selectFrom('known_base')
    .select(['listed_digest', 'digest', 'seen_ms'])
    .where('scope', '=', base.scope)
    .where('name', '=', base.name)
    .where('platform', '=', base.platform)
    .executeTakeFirst();
  return row && { listedDigest: row.listed_digest, digest: row.digest, seenMs: row.seen_ms };
}
