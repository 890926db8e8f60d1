import type { S3Access, S3Place } from '#blob/s3/s3-place.ts';

/** Where distribution has its storage, if not in a folder. */
export interface BucketOfImages {
  place: S3Place;
  access: S3Access & { region: string };
}

/** Parts of an upload: two are in memory for each. */
const PART_BYTES = 8 * 1024 * 1024;

/**
 * What distribution's configuration says of the bucket; `bucketEnvironment` has the keys. It knows the regions of its own time only, so
 * it always gets an endpoint, and then names the bucket in the path.
 * https://github.com/distribution/distribution/blob/v2.8.2/registry/storage/driver/s3-aws/s3.go
 */
export function bucketParameters({ place, access }: BucketOfImages): Record<string, unknown> {
  const { endpoint, region } = access;
  return {
    region,
    regionendpoint: endpoint ?? `https://s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`,
    bucket: place.bucket,
    rootdirectory: `/${place.prefix}`,
    secure: endpoint?.startsWith('http://') !== true,
    v4auth: true,
    chunksize: PART_BYTES,
    // The bucket's own class, and at AWS the one list of rights that a bucket without lists of rights takes.
    storageclass: 'NONE',
    ...(endpoint === undefined ? { objectacl: 'bucket-owner-full-control' } : {}),
  };
}

/**
 * The keys, by the variables that AWS's library reads. Never AWS_CA_BUNDLE: distribution 2.8 ends with a panic if it is set. Go reads the
 * certificates of the system beside SSL_CERT_FILE.
 */
export function bucketEnvironment({ access }: BucketOfImages): Record<string, string> {
  const { keys, keysFile, caFile, proxy } = access;
  const all = {
    AWS_SHARED_CREDENTIALS_FILE: keysFile,
    AWS_ACCESS_KEY_ID: keys?.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys?.secretAccessKey,
    AWS_SESSION_TOKEN: keys?.sessionToken,
    SSL_CERT_FILE: caFile,
    HTTP_PROXY: proxy?.http_proxy,
    HTTPS_PROXY: proxy?.https_proxy,
    NO_PROXY: proxy?.no_proxy,
  };
  return Object.fromEntries(
    Object.entries(all).filter((each): each is [string, string] => each[1] !== undefined && each[1] !== ''),
  );
}
