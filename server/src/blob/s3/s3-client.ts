import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { getCACertificates } from 'node:tls';
import type { S3Client } from '@aws-sdk/client-s3';
import { ANSWER_MS, limitRequests } from './limit-requests.ts';
import { S3Fault } from './s3-fault.ts';
import type { S3Access } from './s3-place.ts';

const ATTEMPTS = 6;
const CONNECTIONS = 16;
const CONNECT_LIMIT_MS = 10_000;
const SILENCE_LIMIT_MS = 60_000;

/** The SDK takes a quarter of a second to load, so it is loaded where it is used. */
export async function loadS3() {
  const [sdk, { Upload }] = await Promise.all([import('@aws-sdk/client-s3'), import('@aws-sdk/lib-storage')]);
  return { ...sdk, Upload };
}

export type S3Sdk = Awaited<ReturnType<typeof loadS3>>;

/** What a client's puts need. */
interface PutMeans {
  /** Called with the key of an object for which the store's answer does not prove which bytes it has. */
  onUnproven: (key: string) => void;
  /** The SHA-256 of a body, where it is known already. Each request is signed with it. */
  sha256Of: (body: Uint8Array) => string | undefined;
}

/** A client whose puts are refused by the store if their bytes arrive changed. Throws `S3Fault`. */
export async function s3Client(
  { S3Client }: S3Sdk,
  access: S3Access,
  { onUnproven, sha256Of }: PutMeans,
): Promise<S3Client> {
  const { endpoint, region, keysFile, keys, pathStyle } = access;
  const client = new S3Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(keys === undefined ? {} : { credentials: keys }),
    ...(keysFile === undefined ? {} : { credentials: await keysOf(keysFile) }),
    forcePathStyle: pathStyle,
    maxAttempts: ATTEMPTS,
    // Many stores do not know AWS's newer checksums. The middleware below sends one that all of them check.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      ...agentsOf(access),
      connectionTimeout: CONNECT_LIMIT_MS,
      socketTimeout: SILENCE_LIMIT_MS,
    },
  });
  limitRequests(client.config.requestHandler, access.answerMs ?? ANSWER_MS);
  checkPuts(client, { onUnproven, sha256Of });
  return client;
}

async function keysOf(file: string) {
  // The SDK would say of a missing file only that there are no keys.
  try {
    readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new S3Fault(true, `the file of --s3-keys, ${file}, cannot be read (${code})`, { cause });
  }
  const { fromIni } = await import('@aws-sdk/credential-provider-ini');
  return fromIni({ filepath: file, configFilepath: file });
}

function agentsOf({ proxy, caFile }: S3Access) {
  const options = { keepAlive: true, maxSockets: CONNECTIONS, ...(proxy === undefined ? {} : { proxyEnv: proxy }) };
  const ca = caFile === undefined ? {} : { ca: [...getCACertificates('default'), readFileSync(caFile, 'utf8')] };
  return { httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent({ ...options, ...ca }) };
}

/** What the middleware reads of a command and changes of its request. */
interface Sending {
  input: { Key?: string };
  request: { body?: unknown; headers: Record<string, string> };
}

/**
 * Content-MD5 on each put and each part: of all checksums, only this one is checked by every store. The answer names the
 * object's MD5 as its ETag, unless the store encrypts objects, or counts ETags in its own way.
 */
function checkPuts(client: S3Client, { onUnproven, sha256Of }: PutMeans): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== 'PutObjectCommand' && commandName !== 'UploadPartCommand') return next(args);
        const { input, request } = args as unknown as Sending;
        const body = bytesOf(request.body);
        const md5 = hash('md5', body, 'buffer');
        const sha256 = typeof body === 'string' ? undefined : sha256Of(body);
        request.headers['content-md5'] = md5.toString('base64');
        if (sha256 !== undefined) request.headers['x-amz-content-sha256'] = sha256;
        const result = await next(args);
        const { ETag } = result.output as { ETag?: string };
        if (etagText(ETag) !== md5.toString('hex')) onUnproven(input.Key ?? '');
        return result;
      },
    { step: 'build', name: 'slipwayContentMd5' },
  );
}

/** An ETag without its quotes. */
export function etagText(etag: string | undefined): string | undefined {
  return etag?.replaceAll('"', '');
}

function bytesOf(body: unknown): Uint8Array | string {
  if (body === undefined) return '';
  if (body instanceof Uint8Array || typeof body === 'string') return body;
  throw new Error('a put has a stream, whose bytes cannot be sent twice');
}
