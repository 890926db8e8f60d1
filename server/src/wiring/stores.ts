import type { BlobStore } from '#blob/blob.ts';
import { IMAGES } from '#blob/bucket-layout.ts';
import { diskBlobStore } from '#blob/disk.ts';
import { checkOwnership, removingOnlyIf, type StoreOwner, takeOwnership } from '#blob/owner-mark.ts';
import { type S3Keys, s3Text } from '#blob/s3/s3-place.ts';
import { openS3Store, type S3Store } from '#blob/s3/s3-store.ts';
import type { DataFolder } from '#data-folder/data-folder.ts';
import type { Database } from '#db/database.ts';
import { ExitError } from '#process/exit-error.ts';
import type { BucketOfImages } from '#registry/distribution/bucket.ts';
import type { Config } from '#settings/config.ts';
import { markStarts } from './mark-start-store.ts';

/** Where a server has its objects. */
export interface OpenStores {
  /** Sent folders and charts. */
  blobs: BlobStore;
  /** The same store if it is a bucket, which has logs too. */
  bucket: S3Store | undefined;
  /** The bucket of images, and distribution's storage in it; undefined if they are in the data folder. */
  images: { bucket: BucketOfImages; blobs: BlobStore } | undefined;
  /** Rejects with `ForeignStore` if the bucket is not that of this server, or not any more. */
  checkOwner(): Promise<void>;
  close(): void;
}

const REGION = 'us-east-1';

/**
 * Opens the bucket of a server, or its data folder without one. Throws `ExitError` 4 if the bucket cannot be used, or is that of
 * another instance.
 */
export async function openStores(
  config: Config,
  means: { folder: DataFolder; instanceId: string; keys: S3Keys | undefined; db: Database },
): Promise<OpenStores> {
  const { folder, instanceId, keys } = means;
  const { bucket: place, 's3-endpoint': endpoint } = config;
  if (place === undefined) {
    const blobs = diskBlobStore(folder.blobs);
    return { blobs, bucket: undefined, images: undefined, checkOwner: async () => undefined, close: () => undefined };
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
  const owner = { instanceId, place: s3Text(place), starts: markStarts(means.db) };
  await takeBucket(blobs, owner);
  const checkOwner = () => checkOwnership(blobs, owner);
  const owned = <Store extends BlobStore>(store: Store) => removingOnlyIf(store, checkOwner, () => performance.now());
  const bucket = owned(blobs);
  return {
    blobs: bucket,
    bucket,
    images: { bucket: { place: ofImages, access }, blobs: owned(images) },
    checkOwner,
    close() {
      blobs.close();
      images.close();
    },
  };
}

async function takeBucket(blobs: BlobStore, owner: StoreOwner): Promise<void> {
  try {
    await takeOwnership(blobs, owner);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ExitError(4, `the bucket ${owner.place} cannot be used: ${reason}`, { cause });
  }
}
