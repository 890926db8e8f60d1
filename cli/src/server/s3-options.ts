import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { readEnvironment } from '../input/environment.ts';
import { plainEndpoint } from './plain-endpoint.ts';
import { proxyVariables } from './use-proxy.ts';
import { warnOfPlainHttp } from './warn-of-plain-http.ts';

/** How a bucket is reached, as it is given. */
export interface S3Options {
  s3Endpoint?: string;
  s3Region?: string;
  s3Keys?: string;
  s3PathStyle?: boolean;
}

const START = 's3://';
/** AWS wants a region in each signature; other stores rarely look at it. */
const ANY_REGION = 'us-east-1';

/** Adds the options of a command that works on `s3://BUCKET/PREFIX`. */
export function withS3(command: Command): Command {
  return command
    .option('--s3-endpoint <url>', 'the S3-compatible store of an s3:// place (AWS_ENDPOINT_URL_S3); AWS without it')
    .option('--s3-region <region>', 'its region (AWS_REGION)')
    .option(
      '--s3-keys <file>',
      "a file with its keys, in the form of AWS's credentials file; otherwise AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are used",
    )
    .option('--s3-path-style', 'name the bucket in the path of requests; this is the default with --s3-endpoint')
    .option('--no-s3-path-style', 'name the bucket in the host name of requests');
}

export function isS3Place(place: string): boolean {
  return place.startsWith(START);
}

/** How to reach the bucket of a place, for the program that does; undefined for other places. Throws `CliError`. */
export function s3Access(places: readonly string[], options: S3Options, caFile: string | undefined) {
  const place = places.find(isS3Place);
  if (place === undefined) return undefined;
  const [bucket = '', ...parts] = place.slice(START.length).replace(/\/$/, '').split('/');
  if (!/^[a-z0-9.-]{3,63}$/.test(bucket) || !parts.every((part) => /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(part)))
    throw new CliError(
      EXIT_CODES.usage,
      `${JSON.stringify(place)} is not of the form s3://BUCKET/PREFIX, with letters, digits, dots, hyphens and slashes`,
    );
  const { s3, proxy } = readEnvironment();
  const named = options.s3Endpoint ?? s3.endpoint;
  const endpoint = named === undefined ? undefined : plainEndpoint(named);
  if (endpoint !== undefined) warnOfPlainHttp(endpoint, 'store');
  return {
    endpoint,
    region: options.s3Region ?? s3.region ?? (endpoint === undefined ? undefined : ANY_REGION),
    keysFile: options.s3Keys === undefined ? undefined : resolve(options.s3Keys),
    pathStyle: options.s3PathStyle ?? endpoint !== undefined,
    caFile: caFile === undefined ? undefined : resolve(caFile),
    proxy: proxyVariables(proxy),
  };
}
