import { setTimeout as sleep } from 'node:timers/promises';
import { ConfinedWork, ConfinedWorkExhausted } from '#confined/confined-work.ts';
import { JobFailed } from '#job/job.ts';
import { ADAPTER, type ScannedImage, type Scanner, type ScanOutcome } from '../scanner.ts';
import { readReport } from './read-report.ts';

/** A scanner that speaks Harbor's API for scanners, and what it is given. */
export interface AdapterMeans {
  /** Where its API is, as in `http://trivy:8080/api/v1`. */
  url: string;
  /** The Authorization header that it asks for. */
  authorization: string | undefined;
  /** Where it finds this registry. */
  registryUrl: string;
  /** The Authorization header with which it may pull this one image, and for how long is up to the registry. */
  pullAuthorization(image: ScannedImage): Promise<string>;
  /** The media type of a manifest. */
  mediaTypeOf(image: ScannedImage): Promise<string>;
  limits?: Partial<AdapterLimits>;
}

interface AdapterLimits {
  /** Of one answer, from the first byte to the last. */
  answerMs: number;
  answerBytes: number;
  /** Of a scan as a whole. */
  scanMs: number;
  /** The unit of Refresh-After. */
  secondMs: number;
}

const LIMITS: AdapterLimits = { answerMs: 120_000, answerBytes: 32 * 2 ** 20, scanMs: 1_800_000, secondMs: 1000 };
const REQUEST_TYPE = 'application/vnd.scanner.adapter.scan.request+json; version=1.1';
const REPORT_TYPES =
  'application/vnd.security.vulnerability.report; version=1.1, application/vnd.scanner.adapter.vuln.report.harbor+json; version=1.0';
const DATABASE_DATE = 'harbor.scanner-adapter/vulnerability-database-updated-at';
const LONGEST_PAUSE_S = 60;
const ID_CHARS = 200;

/** Lets another scanner look for vulnerabilities in images. */
export function adapterScanner(means: AdapterMeans): Scanner {
  return { name: ADAPTER, scan: (image, signal) => scan(means, { ...LIMITS, ...means.limits }, image, signal) };
}

async function scan(
  means: AdapterMeans,
  limits: AdapterLimits,
  image: ScannedImage,
  signal: AbortSignal,
): Promise<ScanOutcome> {
  const { repository, digest } = image;
  const database = await readDatabase(means, limits, signal);
  const request = {
    registry: { url: means.registryUrl, authorization: await means.pullAuthorization(image) },
    artifact: { repository, digest, mime_type: await means.mediaTypeOf(image) },
  };
  const accepted = await ask(means, limits, 'scan', signal, { type: REQUEST_TYPE, body: JSON.stringify(request) });
  if (accepted.status !== 202) throw refusedWith(accepted.status);
  const { id } = objectOf(accepted.body);
  if (typeof id !== 'string' || id === '' || id.length > ID_CHARS) throw broken('it gave the scan no id');
  const endMs = performance.now() + limits.scanMs;
  for (;;) {
    const report = await ask(means, limits, `scan/${encodeURIComponent(id)}/report`, signal);
    if (report.status === 200) return { database, findings: await findingsOf(report.body), unchecked: [] };
    if (report.status !== 302) throw refusedWith(report.status);
    if (performance.now() > endMs) throw broken(`it took more than ${limits.scanMs / 1000} seconds`);
    await sleep(Math.min(Math.max(report.refreshAfterS, 1), LONGEST_PAUSE_S) * limits.secondMs, undefined, { signal });
  }
}

async function findingsOf(report: Buffer) {
  await using work = new ConfinedWork();
  const module = new URL('read-report.ts', import.meta.url).href;
  const read = await work.runText({ module, run: readReport }, report).catch((error: unknown) => {
    if (error instanceof ConfinedWorkExhausted) throw broken(`its report cannot be read: ${error.message}`);
    throw error;
  });
  if ('mistake' in read) throw broken(read.mistake);
  return read.findings;
}

/** Which scanner it is, and how new its data is, if it says so. */
async function readDatabase(means: AdapterMeans, limits: AdapterLimits, signal: AbortSignal) {
  const { status, body } = await ask(means, limits, 'metadata', signal);
  if (status !== 200) throw refusedWith(status);
  const { scanner, properties } = objectOf(body);
  const { name, version } = isObject(scanner) ? scanner : {};
  const date = isObject(properties) ? properties[DATABASE_DATE] : undefined;
  const dataMs = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  const words = [name, version, date].filter((each) => typeof each === 'string').join(' ');
  return { version: words.slice(0, ID_CHARS), dataMs: Number.isNaN(dataMs) ? undefined : dataMs };
}

interface Answer {
  status: number;
  body: Buffer;
  refreshAfterS: number;
}

/** Throws JobFailed for an answer that does not come, does not end or is too large. */
async function ask(
  { url, authorization }: AdapterMeans,
  { answerMs, answerBytes }: AdapterLimits,
  path: string,
  signal: AbortSignal,
  sent?: { type: string; body: string },
): Promise<Answer> {
  const headers = {
    accept: path.endsWith('/report') ? REPORT_TYPES : '*/*',
    ...(authorization === undefined ? {} : { authorization }),
    ...(sent === undefined ? {} : { 'content-type': sent.type }),
  };
  const timeout = AbortSignal.timeout(answerMs);
  try {
    const answer = await fetch(`${url.replace(/\/$/, '')}/${path}`, {
      ...(sent === undefined ? {} : { method: 'POST', body: sent.body }),
      headers,
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout]),
    });
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of answer.body ?? []) {
      bytes += piece.length;
      // Leaving the loop ends the connection.
      if (bytes > answerBytes) throw broken(`its answer is larger than ${answerBytes} bytes`);
      pieces.push(piece);
    }
    const refreshAfterS = Number(answer.headers.get('refresh-after')) || 1;
    return { status: answer.status, body: Buffer.concat(pieces), refreshAfterS };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof JobFailed) throw error;
    const why = timeout.aborted ? `it did not answer within ${answerMs / 1000} seconds` : 'it cannot be reached';
    throw broken(why, error);
  }
}

function objectOf(body: Buffer): Record<string, unknown> {
  try {
    const json: unknown = body.length > 2 ** 20 ? undefined : JSON.parse(body.toString());
    if (isObject(json)) return json;
  } catch {
    // Told below.
  }
  throw broken('its answer is not the JSON that its API names');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A scanner that is at fault, gone or busy may do better later; one that refuses the image will not. */
function refusedWith(status: number): JobFailed {
  const mayPass = status >= 500 || status === 404 || status === 429;
  return new JobFailed({ code: 'SCANNER', message: `the scanner answered ${status}` }, { mayPass });
}

function broken(why: string, cause?: unknown): JobFailed {
  return new JobFailed({ code: 'SCANNER', message: `the scanner failed: ${why}` }, { mayPass: true, cause });
}
