/** A key pair of a bucket. */
export interface S3Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** Where objects are in an S3-compatible store. */
export interface S3Place {
  bucket: string;
  /** Before each key, without a slash at its ends; may be empty. */
  prefix: string;
}

/** How the store is reached. What is undefined here, the SDK looks for where AWS's own tools do. */
export interface S3Access {
  /** Whose settings messages name: those of a server, or the flags of a command. */
  namedFor?: 'server' | 'command';
  /** Undefined for AWS itself. */
  endpoint?: string | undefined;
  region?: string | undefined;
  /** A file with a key pair, in the form of AWS's `credentials` file. */
  keysFile?: string | undefined;
  /** Keys that were read already. */
  keys?: S3Keys | undefined;
  /** Whether the bucket is in the path, and not in the host name. */
  pathStyle: boolean;
  /** Certificates in PEM that are trusted in addition to those of the system. */
  caFile?: string | undefined;
  /** How long an answer to a request without bytes may take. */
  answerMs?: number | undefined;
  /** In the form of the variables that curl reads. */
  proxy?:
    | { http_proxy?: string | undefined; https_proxy?: string | undefined; no_proxy?: string | undefined }
    | undefined;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^[a-z0-9.-]{3,63}$/;
const PART = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
const START = 's3://';

/** Reads `s3://BUCKET/PREFIX`; undefined if it is not of this form. */
export function parseS3Place(text: string): S3Place | undefined {
  if (!text.startsWith(START)) return undefined;
  const [bucket = '', ...parts] = text.slice(START.length).replace(/\/$/, '').split('/');
  const isPlace = BUCKET.test(bucket) && !/^[.-]|[.-]$/.test(bucket) && parts.every((part) => PART.test(part));
  return isPlace ? { bucket, prefix: parts.join('/') } : undefined;
}

/** The place as it is written. */
export function s3Text({ bucket, prefix }: S3Place): string {
  return `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`;
}
