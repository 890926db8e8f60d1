import { readFileSync } from 'node:fs';
import type { S3Keys } from '#blob/s3/s3-place.ts';
import { awsKeyVariables, type Config, ConfigError } from './config.ts';

/** Names of values in AWS's credentials file, and of the variables that say the same. */
const NAMES = ['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token'] as const;
type Name = (typeof NAMES)[number];

/**
 * The keys of the bucket, from the file of s3-keys or else from variables; undefined without a bucket. They are read before the server
 * becomes the plain user, who need not be able to read them. Throws `ConfigError`.
 */
export function readBucketKeys(config: Config, environment = awsKeyVariables()): S3Keys | undefined {
  if (config.bucket === undefined) return undefined;
  const { 's3-keys': file } = config;
  const found = file === undefined ? fromEnvironment(environment) : fromFile(file);
  const { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey, aws_session_token: token } = found;
  if (accessKeyId && secretAccessKey)
    return { accessKeyId, secretAccessKey, ...(token ? { sessionToken: token } : {}) };
  throw new ConfigError([
    file === undefined
      ? 'bucket is set, but there are no keys for it; set s3-keys to a file with them, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'
      : `s3-keys ${file} has no aws_access_key_id and aws_secret_access_key below [default]; write them into it`,
  ]);
}

function fromEnvironment(environment: Record<string, string | undefined>): Partial<Record<Name, string>> {
  return Object.fromEntries(NAMES.map((name) => [name, environment[name.toUpperCase()]]));
}

function fromFile(file: string): Partial<Record<Name, string>> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError([`s3-keys ${file}: ${(error as Error).message}`]);
  }
  const found: Record<string, string> = {};
  let isDefault = false;
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line.startsWith('[')) isDefault = line === '[default]';
    const at = line.indexOf('=');
    if (isDefault && at > 0) found[line.slice(0, at).trim().toLowerCase()] = line.slice(at + 1).trim();
  }
  return found;
}
