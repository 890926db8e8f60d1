import type { Socket } from 'node:net';
import type { Box } from '../box/box.ts';
import type { HelperState } from '../box/helper-state.ts';
import { streamsFolder } from '../box/runc-config.ts';
import { StepStreams } from '../box/step-streams.ts';
import { closeWork, countWork, openSpace, openWork } from '../box/work-space.ts';
import { openBuilder } from '../build/open-builder.ts';
import { type BuildConnection, runBuild } from '../build/run-build.ts';
import { tryBuild } from '../build/trial-box.ts';
import { listPlatforms } from '../builder/emulators.ts';
import { removeWork } from '../folder/owner-folder.ts';
import { FRAME_TYPES } from '../protocol/frame.ts';
import { type HelperRequest, type MarkedBuildRequest, parseRequest, RefusedRequest } from '../protocol/request.ts';
import type { Fields } from '../protocol/request-values.ts';
import { basePath, findBaseFacts, holdBase, measureBases, removeIdleBases } from '../store/base-limit.ts';
import { listStores, removeStore } from '../store/layer-store.ts';
import { loadBase } from '../store/load-base.ts';
import { findMachineProblems } from './check-machine.ts';
import { FrameWriter } from './frame-writer.ts';

const LARGEST_REQUEST_BYTES = 8 * 2 ** 20;

/**
 * Serves the only request of a connection and ends the connection. Settles when everything that the request made is
 * gone; never rejects. Errors that are not the client's fault go to `report` as well.
 */
export async function serveConnection(
  state: HelperState,
  socket: Socket,
  stopping: AbortSignal,
  report: (error: unknown) => void,
): Promise<void> {
  const gone = new AbortController();
  const stop = (): void => gone.abort();
  socket.on('close', stop).on('end', stop).on('error', stop);
  stopping.addEventListener('abort', stop);
  const frames = new FrameWriter(socket);
  const end = (type: number, reply: unknown): boolean => frames.write(type, Buffer.from(JSON.stringify(reply)));
  try {
    const { promise: nextRequest, resolve: onNextRequest } = Promise.withResolvers<Fields | undefined>();
    gone.signal.addEventListener('abort', () => onNextRequest(undefined));
    const client: Client = { frames, signal: gone.signal, nextRequest };
    const line = await readLines(socket, gone, (command) => {
      if (command.kill === true) gone.abort();
      else if (command.op !== undefined) onNextRequest({ ...command });
      else client.streams?.open(command.stream, command.step);
    });
    if (line === undefined) return;
    end(FRAME_TYPES.result, await act(state, parseRequest(line), client));
  } catch (error) {
    if (!(error instanceof RefusedRequest)) report(error);
    const refusal =
      error instanceof RefusedRequest
        ? { code: error.code, message: error.message }
        : { code: 'internal', message: `the sandbox helper failed: ${chainOf(error)}` };
    end(FRAME_TYPES.refusal, refusal);
  } finally {
    stopping.removeEventListener('abort', stop);
    socket.end();
  }
}

/** The client's side of a connection; `streams` are those of the running box. */
interface Client {
  frames: FrameWriter;
  signal: AbortSignal;
  streams?: StepStreams;
  /** The second request of a connection; undefined if it ends before. */
  nextRequest: Promise<Fields | undefined>;
}

async function act(state: HelperState, request: HelperRequest, client: Client): Promise<unknown> {
  switch (request.op) {
    case 'check': {
      const problems = findMachineProblems();
      const found = request.build && problems.length === 0 ? await tryBuild(state) : problems;
      return { problems: found, platforms: listPlatforms() };
    }
    case 'findBase':
      if (request.buildId !== undefined) holdBase(state, request.buildId, request);
      return { base: findBaseFacts(basePath(request)) };
    case 'openWork':
      return holdBuild(state, request.buildId, openWork(state, request));
    case 'openSpace':
      await holdBuild(state, request.buildId, openSpace(state, request));
      return {};
    case 'countWork':
      return countWork(state, request.buildId);
    case 'loadBase':
      return { base: await loadBase(state, request) };
    case 'runBuild': {
      if (state.buildsInUse.has(request.buildId)) {
        throw new RefusedRequest('busy', `build ${request.buildId} is already running`);
      }
      return holdBuild(state, request.buildId, runBuild(state, request, buildConnection(client)));
    }
    case 'openBuilder': {
      const build = client.nextRequest.then((given) => given && buildFor(request.buildId, given));
      const opened = openBuilder(state, request, build, buildConnection(client));
      return (await holdBuild(state, request.buildId, opened)) ?? {};
    }
    case 'listStores':
      return { stores: listStores(state) };
    case 'measureBases':
      if (request.remove) await removeIdleBases(state);
      return measureBases(state);
    case 'removeStore':
      return { isGone: await removeStore(state, request.repositoryId) };
    case 'cleanUp':
      // A client that gave up waiting asks for this while its build is still dying.
      await state.buildsInUse.get(request.buildId);
      await holdBuild(state, request.buildId, cleanUp(state, request.buildId));
      state.basesHeld.delete(request.buildId);
      return {};
  }
}

async function cleanUp(state: HelperState, buildId: string): Promise<void> {
  await closeWork(state, buildId);
  await removeWork(state.owner, buildId);
}

function holdBuild<T>(state: HelperState, buildId: string, work: Promise<T>): Promise<T> {
  // Earlier work may still be running: a builder waits for its build while base images are fetched.
  const settled = Promise.allSettled([state.buildsInUse.get(buildId), work]);
  state.buildsInUse.set(buildId, settled);
  void settled.then(() => {
    if (state.buildsInUse.get(buildId) === settled) state.buildsInUse.delete(buildId);
  });
  return work;
}

/** The request that follows `openBuilder`. Throws RefusedRequest if it is another one. */
function buildFor(buildId: string, given: Fields): MarkedBuildRequest {
  const request = parseRequest(given);
  if (request.op === 'runBuild' && request.buildId === buildId) return request;
  throw new RefusedRequest('bad-request', `a request to run build ${buildId} was expected`);
}

function buildConnection(client: Client): BuildConnection {
  const sayAs = (type: number) => (line: string) => {
    client.frames.write(type, Buffer.from(line));
  };
  const onBox = (box: Box): StepStreams => forward(box, client);
  return { signal: client.signal, onBox, say: sayAs(FRAME_TYPES.line), again: sayAs(FRAME_TYPES.again) };
}

/**
 * The builder and its steps wait while the socket is full; nothing is buffered beyond the stream's own high-water mark.
 */
function forward({ output, pid }: Box, client: Client): StepStreams {
  const { frames } = client;
  const streams = new StepStreams(streamsFolder(pid), frames);
  client.streams = streams;
  output.on('data', (chunk: Buffer) => {
    if (frames.write(FRAME_TYPES.output, chunk)) return;
    output.pause();
    void frames.room().then(() => output.resume());
  });
  output.on('error', () => output.destroy());
  return streams;
}

/**
 * What a client may send after its request, one command a line: end it, read a stream as the output of a step, or its
 * second request.
 */
interface Command {
  kill?: unknown;
  op?: unknown;
  stream?: unknown;
  step?: unknown;
}

/** An unknown command ends the request: such a client is broken. */
function parseCommand(line: string): Command {
  try {
    return { ...(JSON.parse(line) as Command | null) };
  } catch {
    return { kill: true };
  }
}

/** Reads the request line; undefined if the connection closed before it was complete. */
async function readLines(
  socket: Socket,
  gone: AbortController,
  onCommand: (command: Command) => void,
): Promise<string | undefined> {
  return new Promise((done, fail) => {
    let text = '';
    let request: string | undefined;
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 1);
        if (request === undefined) {
          request = line;
          done(line);
        } else onCommand(parseCommand(line));
      }
      if (text.length > LARGEST_REQUEST_BYTES)
        fail(new RefusedRequest('bad-request', `the request is longer than ${LARGEST_REQUEST_BYTES} bytes`));
    });
    gone.signal.addEventListener('abort', () => done(undefined));
  });
}

function chainOf(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at !== undefined; at = at instanceof Error ? at.cause : undefined) {
    parts.push(at instanceof Error ? at.message.trim() : String(at));
  }
  return parts.join(': ');
}
