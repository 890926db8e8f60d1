import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { basePath, findBaseFacts, holdBase } from './base-limit.ts';
import { type Box, startBox } from './box.ts';
import { withBoxFolder } from './box-folder.ts';
import { egressRules } from './egress-rules.ts';
import { watchFreeSpace } from './free-space.ts';
import type { HelperState } from './helper-state.ts';
import { type Layering, planLayering } from './layering.ts';
import { type BuildOutcome, decideOutcome, type Stopped } from './outcome.ts';
import { closeNewAddresses, ownAddresses } from './own-addresses.ts';
import { giveBack } from './owner-folder.ts';
import { noteRefusedConnections, readRefusedConnections } from './refused-connections.ts';
import { type BuildRequest, RefusedRequest } from './request.ts';
import { type OutputPart, StepMarks } from './step-marks.ts';
import { isNearlyFull, prepareStoreImage } from './store-image.ts';
import { dropOldStores, touchStore } from './store-limit.ts';
import { writeSurroundings } from './surroundings.ts';
import { takeFolder } from './work-space.ts';

/** The connection's side of a running build. */
export type BuildConnection = {
  /** A line for the log, before the box's own output. */
  say(line: string): void;
  /** Called once the box runs; the caller reads its output, at its own pace, to the end, and takes it apart by `split`. */
  onBox(box: Box, split: SplitOutput): void;
  /** Set when the client is gone or asked for the end. */
  signal: AbortSignal;
};

/** Takes the next bytes of a box's output, or its end, and gives the parts that are known. */
export type SplitOutput = (chunk?: Buffer) => OutputPart[];

const largestDockerfileBytes = 2 ** 20;
const noSpace = 'No space left on device';
const tailBytes = 8192;

/**
 * Builds DATA/work/ID/context, which it takes away, and leaves the image in DATA/work/ID/out/img. Throws RefusedRequest
 * before anything has run; later every end is an outcome. When it returns, nothing of the sandbox is left.
 */
export async function runBuild(
  state: HelperState,
  build: BuildRequest,
  connection: BuildConnection,
): Promise<BuildOutcome> {
  const layerCounts = build.bases.map((base) => {
    holdBase(state, build.buildId, base);
    const facts = findBaseFacts(basePath(base));
    if (facts === undefined) throw new RefusedRequest('no-base', `the base ${base.digest} was not loaded`);
    return facts.layerCount;
  });
  const layering = planLayering(build.layerCount, layerCounts);
  const store = takeStore(state, build, layering);
  if (layering.sentence !== undefined) connection.say(layering.sentence);
  const isLayered = layering.kind !== 'none';
  try {
    return await withBoxFolder(state, build.buildId, (folder, firstId) =>
      buildIn(state, build, connection, { folder, firstId }, store, isLayered),
    );
  } finally {
    store.release();
  }
}

async function buildIn(
  state: HelperState,
  build: BuildRequest,
  connection: BuildConnection,
  { folder, firstId }: { folder: string; firstId: number },
  store: Store,
  isLayered: boolean,
): Promise<BuildOutcome> {
  const bases = build.bases.map((base) => basePath(base));
  const from = { buildId: build.buildId, space: 'source', name: 'context' } as const;
  const boxOwner = { uid: firstId, gid: firstId };
  const context = await takeFolder(state, from, `${folder}/in/context`, boxOwner);
  checkDockerfile(context.path, build.dockerfile);
  await prepareStoreImage(store.path, build.limits.diskBytes);
  const own = ownAddresses();
  mkdirSync(`${folder}/in/secrets`);
  for (const id of Object.keys(build.secrets ?? {}))
    writeFileSync(`${folder}/in/secrets/${id}`, `slipway-secret ${id}`);
  if (store.isStale) writeFileSync(`${folder}/in/forget-layers`, '');
  const marks = new StepMarks();
  const { box: environment, args } = writeSurroundings(`${folder}/in`, build);
  const box = startBox(state.roots, state.cgroupPrefix, {
    id: build.buildId,
    rootfs: state.rootfs,
    args: ['/usr/lib/slipway/inside-build', ...args, ...builderArguments(build, isLayered)],
    environment: [...environment, `SLIPWAY_STEP_MARK=${marks.prefix}`],
    firstId,
    result: 'image',
    disk: store.path,
    bases,
    inputs: context.inputs,
    importBases: store.holdsBases,
    network: build.egress,
    rules: egressRules(own, state.allowedEgress),
    secrets: build.secrets ?? {},
    limits: build.limits,
  });
  return follow(state, build, connection, box, marks, store);
}

async function follow(
  state: HelperState,
  build: BuildRequest,
  connection: BuildConnection,
  box: Box,
  marks: StepMarks,
  store: Store,
): Promise<BuildOutcome> {
  let stopped: Stopped | undefined;
  const refusedFile = `run/${build.buildId}/refused.json`;
  const stop = (why: Stopped): void => {
    if (stopped !== undefined) return;
    stopped = why;
    void noteRefusedConnections(box.pid, refusedFile).finally(box.kill);
  };
  const onAbort = (): void => stop('cancelled');
  const timer = setTimeout(() => stop('timeout'), build.limits.timeoutMs);
  const endWatch = watchFreeSpace(store.path, () => stop('host-disk-low'));
  const endClosing = build.egress === 'world' ? closeNewAddresses(box.pid) : () => undefined;
  connection.signal.addEventListener('abort', onAbort);
  if (connection.signal.aborted) onAbort();
  const outputEnd = once(box.output, 'close');
  const tails = { builder: '', step: '' };
  const split = (chunk?: Buffer): OutputPart[] => {
    const parts = chunk === undefined ? marks.end() : marks.read(chunk);
    for (const { from, bytes } of parts)
      tails[from] = (tails[from] + bytes.subarray(-tailBytes).toString('latin1')).slice(-tailBytes);
    return parts;
  };
  connection.onBox(box, split);
  try {
    const end = await box.end;
    if (store.isStale && end.events.includes('build')) store.noteKey();
    clearTimeout(timer);
    await outputEnd;
    const isDiskFull = `${tails.builder}${tails.step}`.includes(noSpace) && isNearlyFull(store.path);
    const outcome = {
      ...decideOutcome({ end, stopped, isDiskFull, hasSpoken: /^Error: /m.test(tails.builder) }),
      cacheUsed: store.isShared,
      refused: readRefusedConnections(refusedFile, ownAddresses()),
    };
    if (outcome.phase === 'done') await giveBack(state.owner, `run/${build.buildId}/out`, [build.buildId, 'out']);
    return outcome;
  } finally {
    clearTimeout(timer);
    // A store that fills the disk of all is worth less than the space.
    if (stopped === 'host-disk-low') rmSync(store.path, { force: true });
    endWatch();
    endClosing();
    connection.signal.removeEventListener('abort', onAbort);
  }
}

type Store = {
  path: string;
  isShared: boolean;
  holdsBases: boolean;
  /** Whether layers of another key are in it, or may be. */
  isStale: boolean;
  /** To be called when no layer of another key is in it any more. */
  noteKey(): void;
  release(): void;
};

/**
 * The repository's store for one build at a time; the others, and builds without cache, get one of their own. A store either
 * holds its bases or stands over them, for its life: layers that were stacked on the base's own store cannot be part of a
 * longer chain. So the first build that needs bases in the store begins it anew.
 */
function takeStore(state: HelperState, build: BuildRequest, { kind }: Layering): Store {
  const id = build.repositoryId;
  if (!build.cache || state.storesInUse.has(id)) {
    const holdsBases = kind === 'with-bases';
    const nothing = () => undefined;
    const path = `run/${build.buildId}/store.img`;
    return { path, isShared: false, holdsBases, isStale: false, noteKey: nothing, release: nothing };
  }
  const folder = `stores/${id}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  touchStore('stores', id, Date.now());
  dropOldStores('stores', state.cacheBytes, new Set([...state.storesInUse, id]));
  state.storesInUse.add(id);
  const [path, mark] = [`${folder}/store.img`, `${folder}/holds-bases`];
  if (kind === 'with-bases' && !existsSync(mark)) {
    rmSync(path, { force: true });
    writeFileSync(mark, '');
  }
  const keyFile = `${folder}/layer-key`;
  const isStale = !existsSync(keyFile) || readFileSync(keyFile, 'utf8') !== build.layerKey;
  // A build that dies before it removed the old layers leaves no key, so that the next one removes them.
  if (isStale) rmSync(keyFile, { force: true });
  const noteKey = () => writeFileSync(keyFile, build.layerKey);
  const release = () => state.storesInUse.delete(id);
  return { path, isShared: true, holdsBases: existsSync(mark), isStale, noteKey, release };
}

/** The path may pass links, as long as it ends in a regular file inside the context. */
function checkDockerfile(context: string, path: string): void {
  const shown = JSON.stringify(path);
  let real: string;
  try {
    real = realpathSync.native(`${context}/${path}`);
  } catch {
    throw new RefusedRequest('no-dockerfile', `there is no Dockerfile at ${shown}`);
  }
  if (!real.startsWith(`${realpathSync.native(context)}/`)) {
    throw new RefusedRequest('no-dockerfile', `the Dockerfile ${shown} lies outside the source`);
  }
  const stats = lstatSync(real);
  if (!stats.isFile()) throw new RefusedRequest('no-dockerfile', `the Dockerfile ${shown} is not a regular file`);
  if (stats.size > largestDockerfileBytes) {
    throw new RefusedRequest('no-dockerfile', `the Dockerfile ${shown} is larger than ${largestDockerfileBytes} bytes`);
  }
}

/** The arguments of `buildah bud` in a box. */
export function builderArguments(
  build: Pick<BuildRequest, 'dockerfile' | 'buildArgs' | 'labels' | 'secrets' | 'target'>,
  isLayered: boolean,
): string[] {
  const flags = '--pull=never --isolation rootless --runtime /usr/bin/crun1 --runtime-flag cgroup-manager=disabled';
  const args = [...flags.split(' '), '--network', 'host', '--format', 'docker', `--layers=${isLayered}`];
  for (const [name, value] of Object.entries(build.buildArgs)) args.push('--build-arg', `${name}=${value}`);
  for (const [name, value] of Object.entries(build.labels ?? {})) args.push('--label', `${name}=${value}`);
  for (const id of Object.keys(build.secrets ?? {})) args.push('--secret', `id=${id},src=/in/secrets/${id}`);
  if (build.target !== undefined) args.push('--target', build.target);
  return [...args, '-f', `/in/context/${build.dockerfile}`, '-t', 'localhost/result', '/in/context'];
}
