import { isIP } from 'node:net';
import { StoreUnreachable } from '../blob.ts';
import { TooSlow } from './limit-requests.ts';
import type { S3Access, S3Place } from './s3-place.ts';

/** Why an S3-compatible store did not do what it was asked, in one sentence with the setting and the fix. */
export class S3Fault extends StoreUnreachable {
  /** Whether a setting is wrong. Otherwise the store, the network or the machine is. */
  readonly isSetting: boolean;

  constructor(isSetting: boolean, message: string, options?: ErrorOptions) {
    super(message, options);
    this.isSetting = isSetting;
  }
}

/** What the SDK's errors have; those of sockets have a code. */
interface SdkError extends Error {
  code?: string;
  $metadata?: { httpStatusCode?: number };
  Region?: string;
  cause?: unknown;
}

/** How a message names what a person can change, and what to do when the store is back. */
const NAMES = {
  command: {
    keys: 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the file of --s3-keys',
    endpoint: '--s3-endpoint',
    region: '--s3-region',
    authority: '--ca-file',
    again: 'run the same command again later, it continues',
  },
  server: {
    keys: 'the setting s3-keys',
    endpoint: 'the setting s3-endpoint',
    region: 'the setting s3-region',
    authority: 'the setting trusted-ca-file',
    again: 'see whether the store runs, and look into its log',
  },
} as const;

/** What a failed request means for the person who gave the settings. `what` is for example `write backups/x`. */
export function s3Fault(error: unknown, what: string, place: S3Place, access: S3Access): S3Fault {
  if (error instanceof S3Fault) return error;
  const { name, message, code, Region: isIn, $metadata } = error as SdkError;
  const status = $metadata?.httpStatusCode;
  const at = access.endpoint ?? 'AWS';
  const { bucket } = place;
  const { keys, endpoint, region, authority, again } = NAMES[access.namedFor ?? 'command'];
  const setting = (text: string) => new S3Fault(true, text, { cause: error });
  const failed = (text: string) => new S3Fault(false, text, { cause: error });
  const codes = [code, ...codesBelow(error)].join(' ');
  const proxy = silentProxy(error, access);
  if (proxy !== undefined)
    return failed(
      `the proxy of ${proxy} does not answer (${code ?? codesBelow(error)[0] ?? message}); start it, correct or unset the variable, or add the host of the store to NO_PROXY; then run the same command again, it continues`,
    );
  if (error instanceof TooSlow)
    return failed(
      `${at} is too slow: ${message} to ${what}; check the network between it and this machine, and ${again}`,
    );
  switch (name) {
    case 'CredentialsProviderError':
      return setting(`there are no keys for s3://${bucket} (${message}); set ${keys}`);
    case 'InvalidAccessKeyId':
      return setting(`${at} does not know the access key; check ${keys}`);
    case 'SignatureDoesNotMatch':
      return setting(`${at} refused the signature: the secret of the access key is wrong; check ${keys}`);
    case 'ExpiredToken':
    case 'InvalidToken':
      return setting(`${at} refused the session token; renew AWS_SESSION_TOKEN, or remove it if the keys need none`);
    case 'RequestTimeTooSkewed':
    case 'RequestExpired':
      return failed(
        `${at} refused the time of a request; set the clock of this machine, for example with timedatectl set-ntp true`,
      );
    case 'NoSuchBucket':
      return setting(`${at} has no bucket ${bucket}; create it, or check its name, ${endpoint} and ${region}`);
    case 'AuthorizationHeaderMalformed':
    case 'PermanentRedirect':
    case 'IllegalLocationConstraintException':
      return setting(`the bucket ${bucket} is in ${isIn ?? 'another region'}; name it with ${region}`);
    case 'QuotaExceeded':
    case 'EntityTooLarge':
      return failed(`${at} did not ${what}: ${message}`);
  }
  if (/^Region is missing/.test(message))
    return setting(`the region of the bucket is not known; name it with ${region}`);
  if (/\bENOTFOUND\b|\bEAI_AGAIN\b/.test(codes))
    return setting(`the host of ${at} is not known (${message}); check ${endpoint}`);
  if (/CERT|ISSUER|SELF_SIGNED|VERIFY|ALTNAME/.test(codes))
    return setting(
      `the certificate of ${at} is not trusted (${code}); name its certificate authority with ${authority}`,
    );
  if (/\bEPROTO\b|ERR_SSL|Parse Error|HPE_/.test(`${codes} ${message}`))
    return setting(
      `${at} does not answer as a store does (${code ?? message}); check http or https, and the port, in ${endpoint}`,
    );
  if (status === 403 || name === 'AccessDenied')
    return setting(
      `${at} does not allow the access key to ${what} in the bucket ${bucket}; grant it s3:ListBucket, s3:GetObject, s3:PutObject, s3:DeleteObject, s3:AbortMultipartUpload and s3:ListBucketMultipartUploads there, or check ${keys}`,
    );
  if (status === 404) return setting(`${at} has nothing at the bucket ${bucket}; check its name and ${endpoint}`);
  if (status !== undefined && status >= 500)
    return failed(`${at} could not ${what} (HTTP ${status}, ${name}); ${again}`);
  if (status !== undefined)
    return failed(
      `${at} did not ${what} (HTTP ${status}, ${name}: ${message}); check that ${endpoint} names an S3-compatible store`,
    );
  const why = code ?? codesBelow(error)[0] ?? message;
  return failed(`${at} cannot be reached to ${what} (${why}); check ${endpoint} and the network, and ${again}`);
}

/** The codes of what caused an error. */
function codesBelow(error: unknown): string[] {
  return causesOf(error).flatMap(({ code }) => (code === undefined ? [] : [code]));
}

/** What a connection or a question for a name that failed says. */
interface SocketError {
  code?: string;
  syscall?: string;
  hostname?: string;
  address?: string;
  port?: number;
}

/** An error may have several causes: one for each address of a host. */
function causesOf(error: unknown): SocketError[] {
  const { cause, errors } = error as { cause?: SocketError; errors?: SocketError[] };
  return [...(cause === undefined ? [] : [cause]), ...(errors ?? [])];
}

/** The variable of the proxy that did not answer, and its address; undefined if the request failed for another reason. */
function silentProxy(error: unknown, { proxy, endpoint }: S3Access): string | undefined {
  const isPlain = endpoint?.startsWith('http://') === true;
  const given = isPlain ? proxy?.http_proxy : proxy?.https_proxy;
  if (given === undefined) return undefined;
  const { protocol, hostname, port, origin } = new URL(given);
  const isProxy = (failed: SocketError) => {
    if (failed.syscall === 'getaddrinfo') return failed.hostname === hostname;
    const isPort = failed.port === Number(port || (protocol === 'http:' ? 80 : 443));
    return failed.syscall === 'connect' && isPort && (failed.address === hostname || isIP(hostname) === 0);
  };
  const found = [error as SocketError, ...causesOf(error)].some(isProxy);
  return found ? `${isPlain ? 'HTTP_PROXY' : 'HTTPS_PROXY'} (${origin})` : undefined;
}
