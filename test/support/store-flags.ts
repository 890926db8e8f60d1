import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestedBucket } from '../../server/src/routes/testing/tested-images.ts';

/**
 * The flags that give a server a database and a part of a bucket of its own, in the stores that `slipway test --stores` started; none
 * without it. A folder that is started again, and a copy of it, have what they had before.
 */
export async function storeFlags(dataFolder: string): Promise<string[]> {
  const { SLIPWAY_TEST_DATABASE: database, SLIPWAY_TEST_IMAGES: images } = process.env;
  if (!database?.includes(':') || !images?.startsWith('{')) return [];
  const url = databaseOf(dataFolder) ?? (await newDatabase());
  const { bucket, endpoint, keysFile } = JSON.parse(images) as TestedBucket;
  const place = `s3://${bucket}/${new URL(url).pathname.slice(1)}`;
  return ['--database', url, '--bucket', place, '--s3-endpoint', endpoint, '--s3-keys', keysFile];
}

/** What the server noted in its folder when it first started. */
function databaseOf(dataFolder: string): string | undefined {
  const file = join(dataFolder, 'database.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { Database: string }).Database : undefined;
}

async function newDatabase(): Promise<string> {
  const { makeMigratedDatabase } = await import('../../server/src/db/testing/tested-postgres.ts');
  return makeMigratedDatabase();
}
