import { once } from 'node:events';
import { lstatSync, realpathSync, rmSync } from 'node:fs';
import { basePath, findBaseFacts, holdBase } from './base-limit.ts';
import { type Box, type BoxPlan, startBox } from './box.ts';
import { withBoxFolder } from './box-folder.ts';
import { type BuilderCommand, writeBuilderInput } from './builder-input.ts';
import { openBuilderRoot } from './builder-root.ts';
import { egressRules } from './egress-rules.ts';
import { watchFreeSpace } from './free-space.ts';
import type { HelperState } from './helper-state.ts';
import { toImageFolder } from './image-layout.ts';
import { type LayerStore, takeLayerStore } from './layer-store.ts';
import { type BuildOutcome, decideOutcome, type Stopped } from './outcome.ts';
import { closeNewAddresses, ownAddresses } from './own-addresses.ts';
import { giveBack } from './owner-folder.ts';
import { noteRefusedConnections, readRefusedConnections } from './refused-connections.ts';
import { type BuildRequest, RefusedRequest } from './request.ts';
import { prepareStoreImage } from './store-image.ts';
import { takeFolder } from './work-space.ts';

/** The connection's side of a running build. */
export type BuildConnection = {
  /** A line for the log, before the box's own output. */
  say(line: string): void;
  /** Called once a box runs; the caller reads its output, at its own pace, to the end. */
  onBox(box: Box): void;
  /** Set when the client is gone or asked for the end. */
  signal: AbortSignal;
};

const largestDockerfileBytes = 2 ** 20;

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
    if (!findBaseFacts(basePath(base))) throw new RefusedRequest('no-base', `the base ${base.digest} was not loaded`);
  }
  const rootfs = openBuilderRoot();
  const store = takeLayerStore(state, build);
  if (store.sentence !== undefined) connection.say(store.sentence);
  try {
    return await withBoxFolder(state, build.buildId, async (folder, firstId) => {
      const from = { buildId: build.buildId, space: 'source', name: 'context' } as const;
      const context = await takeFolder(state, from, `${folder}/in/context`, { uid: firstId, gid: firstId });
      checkDockerfile(context.path, build.dockerfile);
      const isOld = await prepareStoreImage(store.path, build.limits.diskBytes);
      const command = writeBuilderInput(`${folder}/in`, context.path, build);
      const plan = { rootfs, firstId, command, inputs: context.inputs };
      const end = await buildIn(state, build, connection, plan, store);
      if (!end.isStoreDamaged || !isOld) return end.outcome;
      connection.say('the layer cache of the repository cannot be read, and begins anew');
      rmSync(store.path);
      await prepareStoreImage(store.path, build.limits.diskBytes);
      return (await buildIn(state, build, connection, plan, store)).outcome;
    });
  } finally {
    store.release();
  }
}

type BoxedBuilder = Pick<BoxPlan, 'rootfs' | 'firstId' | 'inputs'> & { command: BuilderCommand };
type BuildEnd = { outcome: BuildOutcome; isStoreDamaged: boolean };

async function buildIn(
  state: HelperState,
  build: BuildRequest,
  connection: BuildConnection,
  { command, ...boxed }: BoxedBuilder,
  store: LayerStore,
): Promise<BuildEnd> {
  const box = startBox(state.roots, state.cgroupPrefix, {
    id: build.buildId,
    ...boxed,
    ...command,
    disk: store.path,
    bases: build.bases.map((base) => basePath(base)),
    network: build.egress,
    rules: egressRules(ownAddresses(), state.allowedEgress),
    secrets: build.secrets ?? {},
    limits: build.limits,
  });
  return follow(state, build, connection, box, store);
}

async function follow(
  state: HelperState,
  build: BuildRequest,
  connection: BuildConnection,
  box: Box,
  store: LayerStore,
): Promise<BuildEnd> {
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
  connection.onBox(box);
  try {
    const end = await box.end;
    clearTimeout(timer);
    await outputEnd;
    const outcome: BuildOutcome = {
      ...decideOutcome({ end, stopped }),
      cacheUsed: store.isShared,
      refused: readRefusedConnections(refusedFile, ownAddresses()),
    };
    const isStoreDamaged = stopped === undefined && end.events.some((event) => event.startsWith('no-daemon '));
    if (outcome.phase !== 'done') return { outcome, isStoreDamaged };
    const problem = imageProblem(`run/${build.buildId}/out/img`);
    if (problem !== undefined) {
      return { outcome: { ...outcome, phase: 'export', reason: 'builder-died', detail: problem }, isStoreDamaged };
    }
    await giveBack(state.owner, `run/${build.buildId}/out`, [build.buildId, 'out']);
    return { outcome, isStoreDamaged };
  } finally {
    clearTimeout(timer);
    // A store that fills the disk of all is worth less than the space.
    if (stopped === 'host-disk-low') rmSync(store.path, { force: true });
    endWatch();
    endClosing();
    connection.signal.removeEventListener('abort', onAbort);
  }
}

/** Makes what the box left an image folder; gives why it is none. */
function imageProblem(folder: string): string | undefined {
  try {
    toImageFolder(folder);
    return undefined;
  } catch (error) {
    return `what it left is no image: ${error instanceof Error ? error.message : String(error)}`;
  }
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
