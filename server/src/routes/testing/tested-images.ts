import { join } from 'node:path';
import type { BlobStore } from '#blob/blob.ts';
import { diskBlobStore } from '#blob/disk.ts';
import type { S3Access } from '#blob/s3/s3-place.ts';
import { openS3Store } from '#blob/s3/s3-store.ts';
import type { BucketOfImages } from '#registry/distribution/bucket.ts';

/**
 * Where registries of tests keep images: in a folder, which is read as files unless SLIPWAY_TEST_IMAGES says `blobs`; or in a bucket,
 * of which it is the access as JSON.
 */
const TESTED = process.env.SLIPWAY_TEST_IMAGES ?? '';

/** For `skip`: why a test is not for images in a bucket. */
export function notInBucket(why: string): string | false {
  return isInBucket() && `not for images in a bucket: ${why}`;
}

export function isInBucket(): boolean {
  return TESTED.startsWith('{');
}

/** A bucket for tests. */
export interface TestedBucket extends S3Access {
  bucket: string;
  endpoint: string;
  keysFile: string;
}

/** For `skip`: why a test is only for images in files. */
export function onlyInFiles(why: string): string | false {
  return TESTED !== '' && `only for images in files: ${why}`;
}

/** Distribution's storage of one test, as a store of objects; undefined if it is read as files. */
export interface TestedImages {
  bucket: BucketOfImages | undefined;
  blobs: BlobStore | undefined;
}

let places = 0;

/** Where the images of one test are: in `inBucket`, if it is given. */
export async function openTestedImages(folder: string, inBucket?: TestedBucket): Promise<TestedImages> {
  if (TESTED === 'blobs') return { bucket: undefined, blobs: diskBlobStore(join(folder, 'storage')) };
  const tested = inBucket ?? (isInBucket() ? (JSON.parse(TESTED) as TestedBucket) : undefined);
  if (tested === undefined) return { bucket: undefined, blobs: undefined };
  const { bucket, ...access } = tested;
  places += 1;
  const place = { bucket, prefix: `images-${process.pid}-${places}` };
  return { bucket: { place, access: { ...access, region: 'us-east-1' } }, blobs: await openS3Store(place, access) };
}
