import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { basename, dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { decodeStep, FRAME_TYPES, readFrames } from '../protocol/frame.ts';
import type {
  BaseFacts,
  BasesFacts,
  BuildOutcome,
  MachinePlatforms,
  MachineProblem,
  RefusedConnection,
  StoreFacts,
  WorkCounters,
} from '../protocol/reply.ts';
import {
  type BaseRef,
  type BuilderStart,
  type BuildRequest,
  type HelperRequest,
  type LoadRequest,
  RefusedRequest,
} from '../protocol/request.ts';
import type { StepStreams } from '../protocol/step-mark.ts';
import type { SpaceRequest, WorkRequest } from '../protocol/work-request.ts';

export type { BuilderStart, BuildRequest, LoadRequest } from '../protocol/request.ts';
export { RefusedRequest } from '../protocol/request.ts';
export type { BaseFacts, BuildOutcome, MachinePlatforms, MachineProblem, RefusedConnection, StepStreams };

/** What a running build reports, and how it is stopped: aborting `signal` kills it; the outcome is then `cancelled`. */
export interface BuildCallbacks {
  /** The builder's output: `docker-buildx build --progress=rawjson`. A step begins when its stream is opened. */
  onOutput(chunk: Buffer, streams: StepStreams): void | Promise<void>;
  /** What a step prints, on either of its streams. */
  onStep?(step: number, bytes: Buffer): void | Promise<void>;
  /** A step prints no more. `isLost` if its runtime was killed. */
  onStepEnd?(step: number, isLost: boolean): void | Promise<void>;
  /** A message of the helper about the build. */
  onLine?(line: string): void | Promise<void>;
  /** Why another builder begins the same build: ignore what the first one reported of its failure. */
  onAgain?(line: string): void | Promise<void>;
  signal: AbortSignal;
}

/** A builder for one build. `close` ends it if it was given none. */
export interface Builder {
  runBuild(build: BuildRequest, callbacks: BuildCallbacks): Promise<BuildOutcome>;
  close(): Promise<void>;
}

/**
 * The unprivileged side of the sandbox helper. Each call is a connection of its own; closing the connection ends what
 * it made.
 */
export interface Sandbox {
  /**
   * What the machine lacks, as far as that can be seen at once; with `build` also by a trial build of an image, which
   * takes about two seconds. Callers should keep the answer.
   */
  check(trial?: { build: boolean }): Promise<{ ok: boolean; problems: MachineProblem[]; platforms: MachinePlatforms }>;
  /** A base that is kept, else undefined. It stays until the clean-up of the build that asked. */
  findBase(scope: string, digest: string, forBuild?: string): Promise<BaseFacts | undefined>;
  /**
   * Makes what stays until the build's clean-up: its control group for work outside the box, which the process enters,
   * and the space for its source. Returns the folders that the server may write to; the one for bases exists after
   * `openSpace`.
   */
  openWork(work: WorkRequest): Promise<{ source: string; bases: string }>;
  openSpace(space: SpaceRequest): Promise<void>;
  /** Why programs in that group were ended. */
  countWork(buildId: string): Promise<WorkCounters>;
  /** Takes the `dir:` folder HEX from the build's folder of bases and keeps it. Harmless if it is kept already. */
  loadBase(load: LoadRequest, options: { signal: AbortSignal }): Promise<BaseFacts>;
  /** Builds DATA/work/buildId/context, which it takes away; on success the image is in DATA/work/buildId/out/img. */
  runBuild(build: BuildRequest, callbacks: BuildCallbacks): Promise<BuildOutcome>;
  /**
   * Starts the builder of a build before everything about the build is known. Call it after `openWork`. If the builder
   * cannot start, or is lost meanwhile, its `runBuild` starts another one.
   */
  openBuilder(start: BuilderStart): Builder;
  /** The stored layer caches, by the `repositoryId` of builds. */
  listStores(): Promise<StoreFacts[]>;
  /** Removes one, unless a build is using it; returns whether it is gone. */
  removeStore(repositoryId: string): Promise<boolean>;
  /** How much the loaded base images take; with `remove`, after those that no build holds were removed. */
  measureBases(remove: boolean): Promise<BasesFacts>;
  /** Removes DATA/work/buildId, including files that the caller cannot remove itself. */
  cleanUp(buildId: string): Promise<void>;
}

/** The helper is gone, or never ran. */
export class SandboxLost extends Error {}

// A builder dies within two seconds of a cancellation; the client does not wait longer for a helper.
const CANCEL_PATIENCE_MS = 10_000;
const LONGEST_SOCKET_PATH_BYTES = 100;

/** The client of the helper at `socketPath`. Its calls throw RefusedRequest (see `code`) or SandboxLost. */
export function openSandbox(socketPath: string): Sandbox {
  const ask = (request: HelperRequest, callbacks: Partial<BuildCallbacks> = {}): Promise<unknown> =>
    exchange(socketPath, request, callbacks);
  const runBuild: Sandbox['runBuild'] = async (build, callbacks) => {
    const stepMark = randomBytes(16).toString('hex');
    return (await ask({ op: 'runBuild', ...build, stepMark }, callbacks)) as BuildOutcome;
  };
  return {
    check: async ({ build } = { build: false }) => {
      interface Checked {
        problems: MachineProblem[];
        platforms: MachinePlatforms;
      }
      const { problems, platforms } = (await ask({ op: 'check', build })) as Checked;
      return { ok: problems.length === 0, problems, platforms };
    },
    findBase: async (scope, digest, forBuild) => {
      const base: BaseRef & { buildId?: string } = { scope, digest };
      if (forBuild !== undefined) base.buildId = forBuild;
      return ((await ask({ op: 'findBase', ...base })) as { base?: BaseFacts }).base;
    },
    openWork: async (work) => (await ask({ op: 'openWork', ...work })) as { source: string; bases: string },
    openSpace: async (space) => {
      await ask({ op: 'openSpace', ...space });
    },
    countWork: async (buildId) => (await ask({ op: 'countWork', buildId })) as WorkCounters,
    loadBase: async (load, { signal }) =>
      ((await ask({ op: 'loadBase', ...load }, { signal })) as { base: BaseFacts }).base,
    runBuild,
    openBuilder: (start) => {
      const stepMark = randomBytes(16).toString('hex');
      const waiting = openWaiting(socketPath, { op: 'openBuilder', ...start, stepMark });
      return {
        runBuild: async (build, callbacks) => {
          const opened = await waiting;
          // A connection that was lost a moment ago is only seen in the next turn of the event loop.
          await setImmediate();
          const socket = opened?.take();
          if (socket === undefined) return runBuild(build, callbacks);
          return (await converse(socket, { op: 'runBuild', ...build, stepMark }, callbacks)) as BuildOutcome;
        },
        close: async () => {
          (await waiting)?.take()?.destroy();
        },
      };
    },
    listStores: async () => ((await ask({ op: 'listStores' })) as { stores: StoreFacts[] }).stores,
    removeStore: async (repositoryId) =>
      ((await ask({ op: 'removeStore', repositoryId })) as { isGone: boolean }).isGone,
    measureBases: async (remove) => (await ask({ op: 'measureBases', remove })) as BasesFacts,
    cleanUp: async (buildId) => {
      await ask({ op: 'cleanUp', buildId });
    },
  };
}

async function exchange(
  socketPath: string,
  request: HelperRequest,
  callbacks: Partial<BuildCallbacks>,
): Promise<unknown> {
  return converse(await open(socketPath), request, callbacks);
}

/**
 * Opens a connection whose second request is still to come; undefined if the helper does not answer. `take` returns it
 * once, or undefined if it was lost: before the second request, the helper sends something only to end it.
 */
async function openWaiting(
  socketPath: string,
  request: HelperRequest,
): Promise<{ take(): Socket | undefined } | undefined> {
  let socket: Socket | undefined;
  try {
    socket = await open(socketPath);
  } catch (error) {
    // The build itself will ask again.
    if (error instanceof SandboxLost) return undefined;
    throw error;
  }
  const opened = socket;
  const onLost = (): void => {
    opened.destroy();
    socket = undefined;
  };
  opened.on('readable', onLost).on('error', onLost).on('close', onLost);
  opened.write(`${JSON.stringify(request)}\n`);
  const take = (): Socket | undefined => {
    opened.off('readable', onLost).off('error', onLost).off('close', onLost);
    const taken = socket;
    socket = undefined;
    return taken;
  };
  return { take };
}

async function converse(socket: Socket, request: HelperRequest, callbacks: Partial<BuildCallbacks>): Promise<unknown> {
  let patience: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    socket.write('{"kill":true}\n');
    patience = setTimeout(
      () => socket.destroy(new Error('the sandbox helper did not end the build')),
      CANCEL_PATIENCE_MS,
    );
  };
  callbacks.signal?.addEventListener('abort', onAbort);
  const streams: StepStreams = {
    mark: request.op === 'runBuild' ? request.stepMark : '',
    open: (stream, step) => socket.write(`${JSON.stringify({ stream, step })}\n`),
  };
  try {
    socket.write(`${JSON.stringify(request)}\n`);
    if (callbacks.signal?.aborted) onAbort();
    for await (const frame of readFrames(socket)) {
      if (frame.type === FRAME_TYPES.output) await callbacks.onOutput?.(frame.payload, streams);
      else if (frame.type === FRAME_TYPES.step) {
        const { step, rest } = decodeStep(frame.payload);
        await callbacks.onStep?.(step, rest);
      } else if (frame.type === FRAME_TYPES.stepEnd) {
        const { step, rest } = decodeStep(frame.payload);
        await callbacks.onStepEnd?.(step, rest[0] !== 1);
      } else if (frame.type === FRAME_TYPES.line) await callbacks.onLine?.(frame.payload.toString('utf8'));
      else if (frame.type === FRAME_TYPES.again) await callbacks.onAgain?.(frame.payload.toString('utf8'));
      else if (frame.type === FRAME_TYPES.result) return JSON.parse(frame.payload.toString('utf8'));
      else throw refusalOf(frame.payload);
    }
  } catch (error) {
    if (error instanceof RefusedRequest || !isConnectionError(error)) throw error;
    throw new SandboxLost(`the sandbox helper was lost during ${request.op}`, { cause: error });
  } finally {
    clearTimeout(patience);
    callbacks.signal?.removeEventListener('abort', onAbort);
    socket.destroy();
  }
  throw new SandboxLost(`the sandbox helper was lost during ${request.op}`);
}

/** A socket's path may be at most 107 bytes long; a longer one is reached through its folder's descriptor. */
async function open(socketPath: string): Promise<Socket> {
  let folder: number | undefined;
  try {
    let path = socketPath;
    if (Buffer.byteLength(socketPath) > LONGEST_SOCKET_PATH_BYTES) {
      folder = openSync(dirname(socketPath), constants.O_RDONLY | constants.O_DIRECTORY);
      path = `/proc/self/fd/${folder}/${basename(socketPath)}`;
    }
    const socket = connect(path);
    await once(socket, 'connect');
    return socket;
  } catch (cause) {
    throw new SandboxLost(`the sandbox helper does not answer at ${socketPath}`, { cause });
  } finally {
    if (folder !== undefined) closeSync(folder);
  }
}

function refusalOf(payload: Buffer): RefusedRequest {
  const { code, message } = JSON.parse(payload.toString('utf8')) as { code: string; message: string };
  return new RefusedRequest(code, message);
}

function isConnectionError(error: unknown): boolean {
  const codes = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'];
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
