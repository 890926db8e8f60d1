import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { startPostgres } from '../../../server/src/db/testing/postgres-server.ts';
import type { TestedBucket } from '../../../server/src/routes/testing/tested-images.ts';
import { atEnd, type Scope } from '../slipway.ts';
import { startSwift } from './swift-store.ts';

/** The two variables that say where a whole run of tests has its databases and its images. */
export interface SharedStores extends Record<string, string> {
  SLIPWAY_TEST_DATABASE: string;
  SLIPWAY_TEST_IMAGES: string;
}

const BUCKET = 'slipway';

/** Starts one PostgreSQL and one Swift for all tests of a run, until the scope ends. */
export async function startSharedStores(t: Scope): Promise<SharedStores> {
  const postgres = await startPostgres();
  atEnd(t, () => postgres.stop());
  const { endpoint, keysFile, client } = await startSwift(t);
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  // Servers of plain users read it too.
  chmodSync(dirname(keysFile), 0o755);
  const bucket: TestedBucket = { endpoint, keysFile, bucket: BUCKET, region: 'us-east-1', pathStyle: true };
  return { SLIPWAY_TEST_DATABASE: postgres.urlOf('postgres'), SLIPWAY_TEST_IMAGES: JSON.stringify(bucket) };
}
