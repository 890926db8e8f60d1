import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { type Box, startBox } from '../box/box.ts';
import { withBoxFolder } from '../box/box-folder.ts';
import { egressRules } from '../box/egress-rules.ts';
import type { HelperState } from '../box/helper-state.ts';
import { closeNewAddresses, ownAddresses } from '../box/own-addresses.ts';
import { noteRefusedConnections, readRefusedConnections } from '../box/refused-connections.ts';
import type { StepStreams } from '../box/step-streams.ts';
import type { TakenFolder } from '../box/work-space.ts';
import { openBuilderRoot } from '../builder/builder-root.ts';
import { watchFreeSpace } from '../folder/free-space.ts';
import { giveBack } from '../folder/owner-folder.ts';
import type { BuildOutcome } from '../protocol/reply.ts';
import { type BuildRequest, type MarkedBuildRequest, RefusedRequest } from '../protocol/request.ts';
import { basePath, findBaseFacts, holdBase } from '../store/base-limit.ts';
import { copyStore, isToEmpty, noteEmptied } from '../store/copied-store.ts';
import { hasZstdLayers, toImageFolder } from '../store/image-layout.ts';
import {
  type LayerStore,
  noteUnclear,
  openLayerStore,
  setAside,
  takeLayerStore,
  waitForStore,
} from '../store/layer-store.ts';
import { keepEndOf, type StoreSuspicion, suspectStore } from '../store/store-damage.ts';
import { isClean } from '../store/store-image.ts';
import { keepSourceTimes, notKeptReason, type SourceTimes } from '../times/source-times.ts';
import { type BuilderCommand, secretFiles, writeBuilderInput, writeBuildInput } from './builder-input.ts';
import { CANCELLED_IN_WAIT, decideOutcome, type Stopped } from './outcome.ts';
import { readyEmulators } from './ready-emulators.ts';
import { readySource } from './ready-source.ts';

/** The connection's side of a running build. */
export interface BuildConnection {
  /** A line for the log, before the box's own output. */
  say(line: string): void;
  /** A line for the log. After it, another builder begins the same build. */
  again(line: string): void;
  /**
   * Called once a box runs; the caller reads the output of the box and of its steps to the end, at its own pace.
   * Returns a function to call when the box has ended, which settles when all output was passed on.
   */
  onBox(box: Box): Pick<StepStreams, 'close' | 'hasRun'>;
  /** Set when the client is gone or asked to end the build. */
  signal: AbortSignal;
}

/**
 * Builds DATA/work/ID/context, which it takes away, and leaves the image in DATA/work/ID/out/img. Throws RefusedRequest
 * before anything has run; after that, every end is an outcome. When it returns, nothing of the sandbox is left.
 */
export async function runBuild(
  state: HelperState,
  build: MarkedBuildRequest,
  connection: BuildConnection,
): Promise<BuildOutcome> {
  const { repositoryId, cacheWaitMs = 0 } = build;
  // A build that is ready comes before one whose source is still being fetched.
  if (build.cache) await state.storesWaiting.get(repositoryId)?.();
  if (build.cache && cacheWaitMs > 0 && state.storesInUse.has(repositoryId)) {
    connection.say('waiting for the layer cache, which another build of the repository is using');
    await waitForStore(state, repositoryId, cacheWaitMs, connection.signal);
    if (connection.signal.aborted) return CANCELLED_IN_WAIT;
  }
  const store = takeLayerStore(state, build);
  if (store.sentence !== undefined) connection.say(store.sentence);
  try {
    if (build.copyOf !== undefined) {
      const { signal } = connection;
      const said = await copyStore(state, build.copyOf, store, { sizeBytes: build.limits.diskBytes, signal });
      if (said !== undefined) connection.say(said);
    }
    return await withBoxFolder(state, build.buildId, (folder, firstId) =>
      runInFolder(state, build, connection, { folder, firstId, store }),
    );
  } finally {
    store.release();
  }
}

/** Where a build runs, and its box if that has started already. */
export interface BuildPlace {
  folder: string;
  firstId: number;
  store: LayerStore;
  opened?: OpenedBox;
}

/** A box whose builder waits for its build. */
export interface OpenedBox {
  box: Box;
  command: BuilderCommand;
  rootfs: string;
  /** Whether the store held layers. */
  isOld: boolean;
  emulators: readonly TakenFolder[];
}

/** The same with a store that was taken, in a folder that was made. */
export async function runInFolder(
  state: HelperState,
  build: MarkedBuildRequest,
  connection: BuildConnection,
  { folder, firstId, store, opened }: BuildPlace,
): Promise<BuildOutcome> {
  for (const base of [...build.bases, ...(build.cacheFrom ?? [])]) {
    holdBase(state, build.buildId, base);
    if (!findBaseFacts(basePath(base))) throw new RefusedRequest('no-base', `the base ${base.digest} was not loaded`);
  }
  const storePath = store.isShared ? store.path : undefined;
  const source = await readySource(state, build, { folder, firstId, storePath }, connection);
  const repack = build.bases.some((base) => hasZstdLayers(basePath(base), base.digest));
  writeBuildInput(`${folder}/in`, source, { ...build, repack });
  const ready = opened ?? (await readyBuilder(`${folder}/in`, build, connection, store));
  const endMs = performance.now() + build.limits.timeoutMs;
  const plan = { ...ready, firstId, inputs: [...source.inputs, ...ready.emulators], endMs };
  let first = await buildIn(state, build, connection, plan, store);
  // A builder that died while it waited says nothing about the build.
  if (opened && first.outcome.phase === 'setup' && first.stopped === undefined)
    first = await buildIn(state, build, connection, { ...plan, box: undefined }, store);
  const isToBlame = isStoreToBlame(store, first.suspicion);
  if (source.times && !isToBlame && first.outcome.exitCode === 0) keepTimes(source.times, connection);
  if (!ready.isOld || !isToBlame) return first.outcome;
  if (first.suspicion === 'died in a step') {
    connection.say(
      'the builder died twice in a row with the layer cache of the repository; the next build starts with an empty cache',
    );
    (await setAside(store, build.limits.diskBytes)).drop();
    return first.outcome;
  }
  connection.again('the layer cache of the repository seems damaged: it is set aside, and the build starts again');
  const aside = await setAside(store, build.limits.diskBytes);
  let keep = aside.restore;
  try {
    const { outcome, suspicion, stopped } = await buildIn(state, build, connection, { ...plan, box: undefined }, store);
    // If an empty store does not help, the store was not at fault. A build that was stopped proves nothing.
    if ((stopped ?? suspicion) === undefined || stopped === 'host-disk-low') keep = aside.drop;
    return outcome;
  } finally {
    keep();
  }
}

/** The image is made: a record that cannot be written costs the next build time, and nothing else. */
function keepTimes(times: SourceTimes, { say }: Pick<BuildConnection, 'say'>): void {
  try {
    keepSourceTimes(times);
  } catch (error) {
    const reason = notKeptReason(error);
    say(`the next build takes the whole source, not only what changed in it: ${reason}`);
  }
}

/** Makes everything ready that a box starts with. */
async function readyBuilder(
  folder: string,
  build: MarkedBuildRequest,
  connection: BuildConnection,
  store: LayerStore,
): Promise<Omit<OpenedBox, 'box'>> {
  const emulators = await readyEmulators(folder, build, connection);
  const { isOld, sentence } = await openLayerStore(store, build.limits.diskBytes);
  if (sentence !== undefined) connection.say(sentence);
  const command = writeBuilderInput(folder, {
    ...build,
    isEmulated: emulators.length > 0,
    isToEmpty: isToEmpty(store),
  });
  // Not before the box is about to start: an update may remove a root that no box uses.
  return { command, rootfs: openBuilderRoot(), isOld, emulators };
}

/** `endMs` is the deadline of the build, on the clock of `performance.now()`. */
interface BoxedBuilder extends Omit<OpenedBox, 'box' | 'isOld' | 'emulators'> {
  box?: Box | undefined;
  firstId: number;
  inputs: readonly TakenFolder[];
  endMs: number;
}
interface BuildEnd {
  outcome: BuildOutcome;
  suspicion: StoreSuspicion;
  stopped: Stopped | undefined;
}

/** A failure that could be the store's or the source's is blamed on the store if it happens twice. */
function isStoreToBlame(store: LayerStore, suspicion: StoreSuspicion): boolean {
  const isUnclear = suspicion === 'unclear' || suspicion === 'died in a step';
  const wasUnclear = noteUnclear(store, isUnclear);
  return suspicion === 'sure' || (isUnclear && wasUnclear);
}

async function buildIn(
  state: HelperState,
  build: BuildRequest,
  connection: BuildConnection,
  { endMs, inputs, ...builder }: BoxedBuilder,
  store: LayerStore,
): Promise<BuildEnd> {
  const box = builder.box ?? startBuilder(state, build, builder, store);
  const bases = [...build.bases, ...(build.cacheFrom ?? [])].map((base) => basePath(base));
  box.give({ bases, inputs, secrets: secretFiles(build) });
  return watchBox(state, build, connection, box, store, endMs);
}

/** Starts a box in which the builder waits for its build. */
export function startBuilder(
  state: HelperState,
  { buildId, egress, limits }: Pick<BuildRequest, 'buildId' | 'egress' | 'limits'>,
  { rootfs, firstId, command }: Pick<BoxedBuilder, 'rootfs' | 'firstId' | 'command'>,
  store: LayerStore,
): Box {
  const box = startBox(state.roots, state.cgroupPrefix, {
    id: buildId,
    rootfs,
    firstId,
    ...command,
    limits,
    disk: store.path,
    network: egress,
    rules: egressRules(ownAddresses(), state.allowedEgress),
  });
  if (egress === 'world') closeNewAddresses(box);
  return box;
}

/** Stops the box if it must end early, and takes its result once it has ended. */
async function watchBox(
  state: HelperState,
  build: BuildRequest,
  connection: BuildConnection,
  box: Box,
  store: LayerStore,
  endMs: number,
): Promise<BuildEnd> {
  let stopped: Stopped | undefined;
  const refusedFile = `run/${build.buildId}/refused.json`;
  const stop = (why: Stopped): void => {
    if (stopped !== undefined) return;
    stopped = why;
    void noteRefusedConnections(box.pid, refusedFile).finally(box.kill);
  };
  const onAbort = (): void => stop('cancelled');
  const timer = setTimeout(() => stop('timeout'), Math.max(0, endMs - performance.now()));
  const endWatch = watchFreeSpace(store.path, () => stop('host-disk-low'));
  connection.signal.addEventListener('abort', onAbort);
  if (connection.signal.aborted) onAbort();
  // A box that died while it waited for its build has ended its output already.
  const outputEnd = box.output.closed ? undefined : once(box.output, 'close');
  const streams = connection.onBox(box);
  const endOfOutput = keepEndOf(box.output);
  try {
    const end = await box.end;
    if (end.events.includes('emptied')) noteEmptied(store);
    clearTimeout(timer);
    await outputEnd;
    await streams.close();
    const outcome: BuildOutcome = {
      ...decideOutcome({ end, stopped }),
      cacheUsed: store.isShared,
      refused: readRefusedConnections(refusedFile, ownAddresses()),
    };
    const suspicion =
      stopped === undefined
        ? suspectStore(end, endOfOutput(), { isClean: isClean(store.path), hasRun: streams.hasRun })
        : undefined;
    if (outcome.phase !== 'done') return { outcome, suspicion, stopped };
    const problem = imageProblem(`run/${build.buildId}/out/img`);
    if (problem !== undefined) {
      return { outcome: { ...outcome, phase: 'export', reason: 'builder-died', detail: problem }, suspicion, stopped };
    }
    if (imageProblem(`run/${build.buildId}/out/cache`) !== undefined)
      rmSync(`run/${build.buildId}/out/cache`, { recursive: true, force: true });
    await giveBack(state.owner, `run/${build.buildId}/out`, [build.buildId, 'out']);
    return { outcome, suspicion, stopped };
  } finally {
    clearTimeout(timer);
    // A store that fills the shared disk is worth less than the space.
    if (stopped === 'host-disk-low') rmSync(store.path, { force: true });
    endWatch();
    connection.signal.removeEventListener('abort', onAbort);
  }
}

/** Turns the box's output into an image folder; returns the reason if it is not an image. */
function imageProblem(folder: string): string | undefined {
  try {
    toImageFolder(folder);
    return undefined;
  } catch (error) {
    return `its result is not an image: ${error instanceof Error ? error.message : String(error)}`;
  }
}
