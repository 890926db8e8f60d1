/*
 * The registry through the port beside distribution alone: a push and a pull of one gibibyte, manifest calls, lists of
 * tags, and a collection of ten thousand images beside pulls. `node bench/registry.ts [MEBIBYTES] [IMAGES]`
 */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { basic, ROOT_PASSWORD, ROOT_USER } from '../server/src/routes/testing/registry.ts';
import { smallImage } from '../test/support/images/small-image.ts';
import { Figures, median, percentile, shown } from './support/figures.ts';
import { processorMs } from './support/processor-time.ts';
import { needPrograms } from './support/programs.ts';
import { measure, spentText } from './support/rounds.ts';

const MEBIBYTES = Number(process.argv[2] ?? 1024);
const IMAGES = Number(process.argv[3] ?? 10_000);
const ROUNDS = 3;
const CALLS = 300;
const PUSHES_AT_ONCE = 8;
const MEBIBYTE = 2 ** 20;
const SERVICE = 'registry.test';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const NO_BODY: readonly Buffer[] = [];

type Way = 'port' | 'distribution';

interface Answer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: Buffer;
  bytes: number;
}

needPrograms({ 'docker-registry': 'docker-registry' });
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const child = spawn(process.execPath, [join(import.meta.dirname, 'support', 'registry-server.ts')], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
const figures = new Figures(`The registry through the port beside distribution alone, ${MEBIBYTES} MiB`);
try {
  const { url, distributionUrl, pids } = await next();
  await compareBlobs(url, distributionUrl, pids);
  await compareManifests(url, distributionUrl);
  await compareLists(url);
  await collectBesidePulls(url);
} finally {
  child.stdin.end();
  agent.destroy();
  if (child.exitCode === null) await once(child, 'exit');
}
figures.print();

/**
 * Pushes and pulls one large layer in turn, each way with a repository of its own. Throughput depends on what else the machine
 * does, so the processor time of the process that sends a pull is reported beside it.
 */
async function compareBlobs(port: string, distribution: string, pids: Record<Way, number>): Promise<void> {
  const chunk = randomBytes(MEBIBYTE);
  const hash = createHash('sha256');
  for (let sent = 0; sent < MEBIBYTES; sent += 1) hash.update(chunk);
  const digest = `sha256:${hash.digest('hex')}`;
  const ways = { port: [port, 'bench/port'], distribution: [distribution, 'bench/direct'] } as const;
  const spent = {
    port: { push: [], pull: [], pullCpu: [] },
    distribution: { push: [], pull: [], pullCpu: [] },
  } as Record<Way, Record<'push' | 'pull' | 'pullCpu', number[]>>;
  // The first round warms up: distribution has the bytes from then on, for both ways.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const way of ['distribution', 'port'] as const) {
      const [url, repository] = ways[way];
      const headers = await authorized(port, repository);
      const push = await secondsOf(() => pushLayer(`${url}/v2/${repository}/`, headers, digest, chunk));
      const startMs = processorMs(pids[way]);
      const pull = await secondsOf(() => pullLayer(`${url}/v2/${repository}/blobs/${digest}`, headers));
      if (round === 0) continue;
      spent[way].push.push(push);
      spent[way].pull.push(pull);
      spent[way].pullCpu.push((processorMs(pids[way]) - startMs) / 1000);
    }
  }
  for (const what of ['push', 'pull'] as const) {
    const [ours, alone] = [median(spent.port[what]), median(spent.distribution[what])];
    const detail = `${shown(MEBIBYTES / ours)} MiB/s, and ${shown(MEBIBYTES / alone)} MiB/s alone`;
    figures.atLeast(`${what} through the port, share of distribution's throughput`, alone / ours, 0.9, detail);
  }
  const [ours, alone] = [median(spent.port.pullCpu), median(spent.distribution.pullCpu)];
  figures.report('pull: processor time of the port, s', ours, `distribution alone ${shown(alone)} s`);
}

async function pushLayer(base: string, headers: Record<string, string>, digest: string, chunk: Buffer): Promise<void> {
  const started = expectStatus(202, await call('POST', `${base}blobs/uploads/`, headers));
  const location = new URL(String(started.headers.location), base);
  location.searchParams.set('digest', digest);
  const length = String(MEBIBYTES * MEBIBYTE);
  const sent = { ...headers, 'content-type': 'application/octet-stream', 'content-length': length };
  expectStatus(201, await call('PUT', location.href, sent, repeated(chunk)));
}

async function* repeated(chunk: Buffer): AsyncGenerator<Buffer> {
  for (let sent = 0; sent < MEBIBYTES; sent += 1) yield chunk;
}

async function pullLayer(url: string, headers: Record<string, string>): Promise<void> {
  const { bytes } = expectStatus(200, await call('GET', url, headers));
  if (bytes !== MEBIBYTES * MEBIBYTE) throw new Error(`${bytes} bytes of ${url} came`);
}

async function compareManifests(port: string, distribution: string): Promise<void> {
  const direct = await authorized(port, 'bench/direct');
  const ours = await authorized(port, 'bench/port');
  const digests = new Map<string, string>();
  for (const [base, headers] of [
    [`${distribution}/v2/bench/direct/`, direct],
    [`${port}/v2/bench/port/`, ours],
  ] as const)
    digests.set(base, await pushImage(base, headers, 'v1', 'compared'));
  const calls = ['GET by tag', 'GET by digest', 'HEAD by tag'] as const;
  const ways = [...digests].map(([base, digest], index) => ({ base, digest, headers: index === 0 ? direct : ours }));
  const candidates = calls.flatMap((name) =>
    ways.map(({ base, digest, headers }) => ({
      name: `${name} ${base}`,
      acts: CALLS,
      act: async () => {
        const reference = name === 'GET by digest' ? digest : 'v1';
        const accept = { ...headers, accept: MANIFEST };
        expectStatus(200, await call(name.slice(0, 4).trim(), `${base}manifests/${reference}`, accept));
      },
    })),
  );
  const spent = await measure(candidates, ROUNDS);
  const [alone, through] = ways.map(({ base }) => base);
  for (const name of calls) {
    const [ofPort, ofAlone] = [spent(`${name} ${through}`), spent(`${name} ${alone}`)];
    const detail = `${spentText(ofPort)}; alone ${spentText(ofAlone)}`;
    figures.atMost(
      `manifest, ${name}: p50 of the port, times that of distribution`,
      ofPort.p50Us / ofAlone.p50Us,
      1.5,
      detail,
    );
  }
}

async function compareLists(port: string): Promise<void> {
  const headers = { large: await authorized(port, 'bench/large'), small: await authorized(port, 'bench/small') };
  const list =
    (name: 'large' | 'small', last = '') =>
    async () => {
      expectStatus(200, await call('GET', `${port}/v2/bench/${name}/tags/list?n=100${last}`, headers[name]));
    };
  const spent = await measure(
    [
      { name: 'small', acts: CALLS, act: list('small') },
      { name: 'large', acts: CALLS, act: list('large') },
      { name: 'far', acts: CALLS, act: list('large', '&last=v5') },
    ],
    ROUNDS,
  );
  const small = spent('small');
  for (const [name, what] of [
    ['large', 'the first'],
    ['far', 'a later'],
  ] as const) {
    const detail = `${spentText(spent(name))}; of 100 tags ${spentText(small)}`;
    figures.atMost(
      `${what} page of 100 tags of 100,000: p50, times that of 100 tags`,
      spent(name).p50Us / small.p50Us,
      1.2,
      detail,
    );
  }
}

/** Pulls without a pause while thousands of images that nothing uses are collected, with all their layers. */
async function collectBesidePulls(port: string): Promise<void> {
  const base = `${port}/v2/bench/garbage/`;
  let headers = await authorized(port, 'bench/garbage');
  await pushImage(base, headers, 'kept', 'kept');
  const numbers = Array.from({ length: IMAGES }, (_, index) => index).values();
  const push = async () => {
    for (const index of numbers) {
      if (index % 1000 === 0) headers = await authorized(port, 'bench/garbage');
      await pushImage(base, headers, undefined, `image ${index}`);
    }
  };
  await Promise.all(Array.from({ length: PUSHES_AT_ONCE }, push));

  headers = await authorized(port, 'bench/garbage');
  let isOver = false;
  const timesMs: number[] = [];
  let refused = 0;
  child.stdin.write('collect\n');
  const collected = next().finally(() => {
    isOver = true;
  });
  for (let pulls = 0; !isOver; pulls += 1) {
    if (pulls % 2000 === 0) headers = await authorized(port, 'bench/garbage');
    const startMs = performance.now();
    const { status } = await call('GET', `${base}manifests/kept`, { ...headers, accept: MANIFEST });
    timesMs.push(performance.now() - startMs);
    if (status !== 200) refused += 1;
  }
  const { manifests, layers, pausedMs, startMs, endMs, failure } = await collected;
  if (failure !== undefined) throw new Error(failure);
  const what = `${manifests} images and ${layers} layers in ${shown((endMs - startMs) / 1000)} s`;
  figures.atLeast(`images that a collection removed, of ${IMAGES}`, manifests, IMAGES, what);
  const during = `of ${timesMs.length}; p50 ${shown(median(timesMs))} ms, p99 ${shown(percentile(timesMs, 99))} ms`;
  figures.atMost('pulls that were refused during the collection', refused, 0, during);
  figures.report('time for which pushes wait, s', pausedMs / 1000, 'distribution is not restarted');
}

/** Pushes an image of one small layer. Returns its digest. */
async function pushImage(
  base: string,
  headers: Record<string, string>,
  tag: string | undefined,
  text: string,
): Promise<string> {
  const { digest, manifest, blobs } = smallImage(Buffer.from(text), text);
  for (const { digest: blob, bytes } of blobs) {
    const started = expectStatus(202, await call('POST', `${base}blobs/uploads/`, headers));
    const location = new URL(String(started.headers.location), base);
    location.searchParams.set('digest', blob);
    const type = { 'content-type': 'application/octet-stream', 'content-length': String(bytes.length) };
    expectStatus(201, await call('PUT', location.href, { ...headers, ...type }, [bytes]));
  }
  const type = { 'content-type': MANIFEST, 'content-length': String(manifest.bytes.length) };
  expectStatus(201, await call('PUT', `${base}manifests/${tag ?? digest}`, { ...headers, ...type }, [manifest.bytes]));
  return digest;
}

/** A header with a token for a repository, which lives for some minutes. */
async function authorized(port: string, repository: string): Promise<Record<string, string>> {
  const url = new URL(`${port}/token`);
  url.searchParams.set('service', SERVICE);
  url.searchParams.set('scope', `repository:${repository}:pull,push`);
  const headers = { authorization: basic(ROOT_USER, ROOT_PASSWORD) };
  const { body } = expectStatus(200, await call('GET', url.href, headers));
  return { authorization: `Bearer ${(JSON.parse(body.toString()) as { token: string }).token}` };
}

/** Sends a request; small bodies are kept, large ones only counted. */
function call(
  method: string,
  url: string,
  headers: Record<string, string>,
  chunks: AsyncIterable<Buffer> | Iterable<Buffer> = NO_BODY,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent }, (answer) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      answer.on('data', (part: Buffer) => {
        bytes += part.length;
        if (bytes <= MEBIBYTE) parts.push(part);
      });
      answer.on('error', reject).on('end', () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts), bytes });
      });
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // The server closed a connection that was idle for five seconds at the moment when it was used again.
      const isStale = sent.reusedSocket && error.code === 'ECONNRESET' && chunks === NO_BODY;
      if (isStale) resolve(call(method, url, headers));
      else reject(error);
    });
    void (async () => {
      for await (const part of chunks) if (!sent.write(part)) await once(sent, 'drain');
      sent.end();
    })().catch(reject);
  });
}

function expectStatus(status: number, answer: Answer): Answer {
  if (answer.status === status) return answer;
  throw new Error(`answered ${answer.status} in place of ${status}: ${answer.body.toString().slice(0, 500)}`);
}

async function secondsOf(act: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await act();
  return (performance.now() - startMs) / 1000;
}

async function next() {
  const { value } = await said.next();
  if (value === undefined) throw new Error('the registry of the benchmark died');
  return JSON.parse(value);
}
