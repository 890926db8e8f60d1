import type { BlobStore } from '#blob/blob.ts';
import { diskBlobStore } from '#blob/disk.ts';
import { openS3Store } from '#blob/s3/s3-store.ts';
import type { DataFolder } from '#data-folder/data-folder.ts';
import type { BucketOfImages } from '#registry/distribution/bucket.ts';
import type { Config } from '#settings/config.ts';

/** Where a server has its objects. */
export interface OpenStores {
  /** Sent folders and charts. */
  blobs: BlobStore;
  /** The bucket of images, and distribution's storage in it; undefined if they are in the data folder. */
  images: { bucket: BucketOfImages; blobs: BlobStore } | undefined;
  close(): void;
}

const REGION = 'us-east-1';
/** Below the place of the setting `bucket`, beside sent folders, charts and logs. */
const IMAGES = 'images';

/** Opens the bucket of a server, or its data folder without one. */
export async function openStores(config: Config, folder: DataFolder): Promise<OpenStores> {
  const { bucket: place, 's3-endpoint': endpoint, 's3-keys': keysFile } = config;
  if (place === undefined) return { blobs: diskBlobStore(folder.blobs), images: undefined, close: () => undefined };
  const access = {
    endpoint,
    keysFile,
    region: config['s3-region'] ?? REGION,
    pathStyle: config['s3-path-style'] ?? endpoint !== undefined,
    caFile: config['trusted-ca-file'],
  };
  const ofImages = { bucket: place.bucket, prefix: place.prefix === '' ? IMAGES : `${place.prefix}/${IMAGES}` };
  const [blobs, images] = await Promise.all([openS3Store(place, access), openS3Store(ofImages, access)]);
  return {
    blobs,
    images: { bucket: { place: ofImages, access }, blobs: images },
    close() {
      blobs.close();
      images.close();
    },
  };
}
