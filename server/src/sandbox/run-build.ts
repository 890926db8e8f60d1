import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { basePath, holdBase } from './base-limit.ts';
import { type Box, startBox } from './box.ts';
import { withBoxFolder } from './box-folder.ts';
import { egressRules } from './egress-rules.ts';
import { watchFreeSpace } from './free-space.ts';
import type { HelperState } from './helper-state.ts';
import { type BuildOutcome, decideOutcome, type Stopped } from './outcome.ts';
import { changeOwner, giveBack, takeIn } from './owner-folder.ts';
import { readRefusedConnections } from './refused-connections.ts';
import { type BuildRequest, RefusedRequest } from './request.ts';
import { mappedIds } from './runc-config.ts';
import { isNearlyFull, prepareStoreImage } from './store-image.ts';
import { dropOldStores, touchStore } from './store-limit.ts';
import { writeSurroundings } from './surroundings.ts';

/** The connection's side of a running build. */
export type BuildConnection = {
  /** Called once the box runs; the caller reads its output, at its own pace, to the end. */
  onBox(box: Box): void;
  /** Set when the client is gone or asked for the end. */
  signal: AbortSignal;
};

// c/storage stacks fewer layers than the kernel could: its mount options must fit a page, and bases in additional stores
// need the long form of their paths (it ends at 88 layers with the store at /store).
const mostLayers = 80;
const largestDockerfileBytes = 2 ** 20;
const noSpace = 'No space left on device';

/**
 * Builds DATA/work/ID/context, which it takes away, and leaves the image in DATA/work/ID/out/img. Throws RefusedRequest
 * before anything has run; later every end is an outcome. When it returns, nothing of the sandbox is left.
 */
export async function runBuild(
  state: HelperState,
  build: BuildRequest,
  connection: BuildConnection,
): Promise<BuildOutcome> {
  for (const base of build.bases) {
    holdBase(state, build.buildId, base);
    if (!existsSync(basePath(base))) throw new RefusedRequest('no-base', `the base ${base.digest} was not loaded`);
  }
  const store = takeStore(state, build);
  try {
    return await withBoxFolder(state, build.buildId, (folder) => buildIn(state, build, connection, folder, store));
  } finally {
    store.release();
  }
}

async function buildIn(
  state: HelperState,
  build: BuildRequest,
  connection: BuildConnection,
  folder: string,
  store: Store,
): Promise<BuildOutcome> {
  const bases = build.bases.map((base) => basePath(base));
  takeIn(state.owner, [build.buildId, 'context'], `${folder}/in/context`);
  const dockerfile = readDockerfile(`${folder}/in/context`, build.dockerfile);
  await changeOwner(`${folder}/in/context`, { uid: mappedIds.first, gid: mappedIds.first });
  await prepareStoreImage(store.path, build.limits.diskBytes);
  const layersUsed = build.layers && countSteps(dockerfile) + countLayers(bases) <= mostLayers;
  const own = hostAddresses();
  mkdirSync(`${folder}/in/secrets`);
  for (const id of Object.keys(build.secrets ?? {}))
    writeFileSync(`${folder}/in/secrets/${id}`, `slipway-secret ${id}`);
  const { box: environment, args } = writeSurroundings(`${folder}/in`, build);
  const box = startBox(state.roots, state.cgroupPrefix, {
    id: build.buildId,
    rootfs: state.rootfs,
    args: ['/usr/lib/slipway/inside-build', ...args, ...builderArguments(build, layersUsed)],
    environment,
    disk: { kind: 'image', path: store.path },
    bases,
    network: build.egress,
    rules: egressRules(own, state.allowedEgress),
    secrets: build.secrets ?? {},
    limits: build.limits,
  });
  return follow(state, build, connection, box, store, layersUsed);
}

async function follow(
  state: HelperState,
  build: BuildRequest,
  connection: BuildConnection,
  box: Box,
  store: Store,
  layersUsed: boolean,
): Promise<BuildOutcome> {
  let stopped: Stopped | undefined;
  const stop = (why: Stopped): void => {
    stopped ??= why;
    box.kill();
  };
  const onAbort = (): void => stop('cancelled');
  const timer = setTimeout(() => stop('timeout'), build.limits.timeoutMs);
  const endWatch = watchFreeSpace(() => stop('host-disk-low'));
  connection.signal.addEventListener('abort', onAbort);
  if (connection.signal.aborted) onAbort();
  const outputEnd = once(box.output, 'close');
  let tail = '';
  box.output.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString('latin1').slice(-8192)).slice(-8192);
  });
  connection.onBox(box);
  try {
    const end = await box.end;
    clearTimeout(timer);
    await outputEnd;
    const isDiskFull = tail.includes(noSpace) && isNearlyFull(store.path);
    const outcome = {
      ...decideOutcome({ end, stopped, isDiskFull, hasSpoken: tail.includes('Error: ') }),
      cacheUsed: store.isShared,
      layersUsed,
      refused: readRefusedConnections(`run/${build.buildId}/refused.json`, hostAddresses()),
    };
    if (outcome.phase === 'done') await giveBack(state.owner, `run/${build.buildId}/out`, [build.buildId, 'out']);
    return outcome;
  } finally {
    clearTimeout(timer);
    endWatch();
    connection.signal.removeEventListener('abort', onAbort);
  }
}

function hostAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []);
}

type Store = { path: string; isShared: boolean; release(): void };

/** The repository's store for one build at a time; the others, and builds without cache, get one of their own. */
function takeStore(state: HelperState, build: BuildRequest): Store {
  const id = build.repositoryId;
  if (!build.cache || state.storesInUse.has(id)) {
    return { path: `run/${build.buildId}/store.img`, isShared: false, release: () => undefined };
  }
  const folder = `stores/${id}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  touchStore('stores', id, Date.now());
  dropOldStores('stores', state.cacheBytes, new Set([...state.storesInUse, id]));
  state.storesInUse.add(id);
  return { path: `${folder}/store.img`, isShared: true, release: () => state.storesInUse.delete(id) };
}

/** The Dockerfile's text. The path may pass links, as long as it ends in a regular file inside the context. */
function readDockerfile(context: string, path: string): string {
  const shown = JSON.stringify(path);
  let real: string;
  try {
    real = realpathSync(`${context}/${path}`);
  } catch {
    throw new RefusedRequest('no-dockerfile', `there is no Dockerfile at ${shown}`);
  }
  if (!real.startsWith(`${realpathSync(context)}/`)) {
    throw new RefusedRequest('no-dockerfile', `the Dockerfile ${shown} lies outside the source`);
  }
  const stats = lstatSync(real);
  if (!stats.isFile()) throw new RefusedRequest('no-dockerfile', `the Dockerfile ${shown} is not a regular file`);
  if (stats.size > largestDockerfileBytes) {
    throw new RefusedRequest('no-dockerfile', `the Dockerfile ${shown} is larger than ${largestDockerfileBytes} bytes`);
  }
  return readFileSync(real, 'utf8');
}

/** The layers that the longest stage would add; an estimate from above, since stages are few lines apart in practice. */
function countSteps(dockerfile: string): number {
  let most = 0;
  let steps = 0;
  for (const line of dockerfile.split('\n')) {
    const word = /^\s*([A-Za-z]+)\s/.exec(line)?.[1]?.toUpperCase();
    if (word === 'FROM') steps = 0;
    else if (word !== undefined) steps += 1;
    most = Math.max(most, steps);
  }
  return most;
}

function countLayers(bases: string[]): number {
  return Math.max(
    0,
    ...bases.map((base) => readdirSync(`${base}/overlay`).filter((name) => name.length === 64).length),
  );
}

function builderArguments(build: BuildRequest, layersUsed: boolean): string[] {
  const flags = '--pull=never --isolation rootless --runtime /usr/bin/crun1 --runtime-flag cgroup-manager=disabled';
  const args = [...flags.split(' '), '--network', 'host', '--format', 'docker', `--layers=${layersUsed}`];
  for (const [name, value] of Object.entries(build.buildArgs)) args.push('--build-arg', `${name}=${value}`);
  for (const [name, value] of Object.entries(build.labels ?? {})) args.push('--label', `${name}=${value}`);
  for (const id of Object.keys(build.secrets ?? {})) args.push('--secret', `id=${id},src=/in/secrets/${id}`);
  if (build.target !== undefined) args.push('--target', build.target);
  return [...args, '-f', `/in/context/${build.dockerfile}`, '-t', 'localhost/result', '/in/context'];
}
