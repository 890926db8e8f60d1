import { parseS3Place, type S3Place } from '#blob/s3/s3-place.ts';
import { type DatabaseAddress, databaseUrl } from './database-url.ts';
import { flag, httpUrl, type Kind, MEMORY, path, setting, text } from './setting-kinds.ts';

const bucketPlace: Kind<S3Place> = {
  parse: parseS3Place,
  expects:
    's3://BUCKET or s3://BUCKET/PREFIX; a bucket’s name has 3 to 63 lower-case letters, digits, dots and hyphens',
};

/** Where records and objects are, if not in the data folder. */
export const STORE_SETTINGS = {
  database: setting<DatabaseAddress | undefined>(
    databaseUrl,
    undefined,
    'Database of PostgreSQL (15 or newer) for all records, in place of the one in the data folder. It needs bucket too.',
  ),
  'database-password-file': setting<string | undefined>(
    path,
    undefined,
    'File with the password of the database, if database does not have it.',
  ),
  bucket: setting<S3Place | undefined>(
    bucketPlace,
    undefined,
    'Bucket of an S3-compatible store for images, logs of ended builds and sent folders, in place of the data folder. It needs database too.',
  ),
  's3-endpoint': setting<string | undefined>(
    httpUrl,
    undefined,
    'The S3-compatible store that has the bucket; AWS without it.',
  ),
  's3-region': setting<string | undefined>(text, undefined, 'Region of the bucket; us-east-1 with s3-endpoint.'),
  's3-keys': setting<string | undefined>(
    path,
    undefined,
    'File with the keys of the bucket, in the form of AWS’s credentials file; without it, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are used.',
  ),
  's3-path-style': setting<boolean | undefined>(
    flag,
    undefined,
    'Name the bucket in the path of requests and not in the host name; true with s3-endpoint if not set.',
  ),
} as const;

/** What makes no sense together: each as what is wrong, and the fix. */
export function storeMistakes(
  config: Readonly<Record<string, unknown>>,
  isSet: (name: keyof typeof STORE_SETTINGS | 'secret-key-file') => boolean,
): string[] {
  const { database } = config as { database?: DatabaseAddress };
  const mistakes: string[] = [];
  if (isSet('bucket') && !isSet('database'))
    mistakes.push(
      'bucket is set, but database is not: the records would stay on this disk, and the bucket is worth nothing without them; set database too, or remove bucket',
    );
  if (isSet('database') && !isSet('bucket'))
    mistakes.push(
      'database is set, but bucket is not: images and logs would stay on this disk, and the records are worth little without them; set bucket too, or remove database',
    );
  for (const name of ['s3-endpoint', 's3-region', 's3-keys', 's3-path-style'] as const)
    if (isSet(name) && !isSet('bucket'))
      mistakes.push(`${name} is set, but bucket is not; set bucket too, or remove ${name}`);
  if (isSet('database-password-file') && !isSet('database'))
    mistakes.push(
      'database-password-file is set, but database is not; set database too, or remove database-password-file',
    );
  if (isSet('database-password-file') && database?.password !== undefined)
    mistakes.push('database has a password, and database-password-file names another; remove one of them');
  if (config.data === MEMORY && isSet('database') && !isSet('secret-key-file'))
    mistakes.push(
      'data is memory, so the key of the secrets in the database would be lost when the server ends; set secret-key-file to a file that stays',
    );
  return mistakes;
}
