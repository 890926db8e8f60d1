import type { BlobStore } from '#blob/blob.ts';
import { IMAGES } from '#blob/bucket-layout.ts';
import { diskBlobStore } from '#blob/disk.ts';
import { ForeignStore, takeOwnership } from '#blob/owner-mark.ts';
import type { S3Keys, S3Place } from '#blob/s3/s3-place.ts';
import { openS3Store, type S3Store } from '#blob/s3/s3-store.ts';
import type { DataFolder } from '#data-folder/data-folder.ts';
import { ExitError } from '#process/exit-error.ts';
import type { BucketOfImages } from '#registry/distribution/bucket.ts';
import type { Config } from '#settings/config.ts';

/** Where a server has its objects. */
export interface OpenStores {
  /** Sent folders and charts. */
  blobs: BlobStore;
  /** The same store if it is a bucket, which has logs too. */
  bucket: S3Store | undefined;
  /** The bucket of images, and distribution's storage in it; undefined if they are in the data folder. */
  images: { bucket: BucketOfImages; blobs: BlobStore } | undefined;
  close(): void;
}

const REGION = 'us-east-1';

/**
 * Opens the bucket of a server, or its data folder without one. Throws `ExitError` 4 if the bucket cannot be used, or is that of
 * another instance.
 */
export async function openStores(
  config: Config,
  { folder, instanceId, keys }: { folder: DataFolder; instanceId: string; keys: S3Keys | undefined },
): Promise<OpenStores> {
  const { bucket: place, 's3-endpoint': endpoint } = config;
  if (place === undefined) {
    const blobs = diskBlobStore(folder.blobs);
    return { blobs, bucket: undefined, images: undefined, close: () => undefined };
  }
  const access = {
    namedFor: 'server' as const,
    endpoint,
    keys,
    region: config['s3-region'] ?? REGION,
    pathStyle: config['s3-path-style'] ?? endpoint !== undefined,
    caFile: config['trusted-ca-file'],
  };
  const ofImages = { bucket: place.bucket, prefix: place.prefix === '' ? IMAGES : `${place.prefix}/${IMAGES}` };
  const [blobs, images] = await Promise.all([openS3Store(place, access), openS3Store(ofImages, access)]);
  await takeBucket(blobs, place, instanceId);
  return {
    blobs,
    bucket: blobs,
    images: { bucket: { place: ofImages, access }, blobs: images },
    close() {
      blobs.close();
      images.close();
    },
  };
}

async function takeBucket(blobs: BlobStore, { bucket, prefix }: S3Place, instanceId: string): Promise<void> {
  const shown = `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`;
  try {
    await takeOwnership(blobs, instanceId);
  } catch (cause) {
    const reason =
      cause instanceof ForeignStore
        ? `${cause.message}; use another bucket or prefix in the setting bucket`
        : cause instanceof Error
          ? cause.message
          : String(cause);
    throw new ExitError(4, `the bucket ${shown} cannot be used: ${reason}`, { cause });
  }
}
