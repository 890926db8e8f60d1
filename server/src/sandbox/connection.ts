import { once } from 'node:events';
import type { Socket } from 'node:net';
import { basePath, findBaseFacts, holdBase } from './base-limit.ts';
import type { Box } from './box.ts';
import { findMachineProblems } from './check-machine.ts';
import { encodeFrame, frameTypes } from './frame.ts';
import type { HelperState } from './helper-state.ts';
import { loadBase } from './load-base.ts';
import { removeWork } from './owner-folder.ts';
import { type HelperRequest, parseRequest, RefusedRequest } from './request.ts';
import { runBuild } from './run-build.ts';
import { tryBuild } from './trial-box.ts';
import { closeWork, countWork, openSpace, openWork } from './work-space.ts';

const largestRequestBytes = 8 * 2 ** 20;

/**
 * Serves the one request of a connection and ends it. Settles when everything that the request made is gone; never
 * rejects. What is not the client's fault goes to `report` as well.
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
  try {
    const line = await readLine(socket, gone);
    if (line === undefined) return;
    const result = await act(state, parseRequest(line), socket, gone.signal);
    send(socket, frameTypes.result, Buffer.from(JSON.stringify(result)));
  } catch (error) {
    if (!(error instanceof RefusedRequest)) report(error);
    const refusal =
      error instanceof RefusedRequest
        ? { code: error.code, message: error.message }
        : { code: 'internal', message: `the sandbox helper failed: ${chainOf(error)}` };
    send(socket, frameTypes.refusal, Buffer.from(JSON.stringify(refusal)));
  } finally {
    stopping.removeEventListener('abort', stop);
    socket.end();
  }
}

async function act(state: HelperState, request: HelperRequest, socket: Socket, signal: AbortSignal): Promise<unknown> {
  switch (request.op) {
    case 'check': {
      const problems = findMachineProblems();
      return { problems: request.build && problems.length === 0 ? await tryBuild(state) : problems };
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
        throw new RefusedRequest('busy', `build ${request.buildId} is running already`);
      }
      const onBox = (box: Box): void => forward(box, socket);
      const sayAs = (type: number) => (line: string) => {
        send(socket, type, Buffer.from(line));
      };
      const [say, again] = [sayAs(frameTypes.line), sayAs(frameTypes.again)];
      return holdBuild(state, request.buildId, runBuild(state, request, { signal, onBox, say, again }));
    }
    case 'cleanUp':
      // A client that lost patience asks for this while its build is still dying.
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

async function holdBuild<T>(state: HelperState, buildId: string, work: Promise<T>): Promise<T> {
  const settled = Promise.allSettled([work]);
  state.buildsInUse.set(buildId, settled);
  try {
    return await work;
  } finally {
    if (state.buildsInUse.get(buildId) === settled) state.buildsInUse.delete(buildId);
  }
}

/** The builder waits when the socket is full; nothing is buffered beyond the stream's own mark. */
function forward({ output }: Box, socket: Socket): void {
  const onDrain = (): void => {
    output.resume();
  };
  output.on('data', (chunk: Buffer) => {
    if (!send(socket, frameTypes.output, chunk)) output.pause();
  });
  output.on('error', () => output.destroy());
  socket.on('drain', onDrain);
  // Without a reader there is nobody to wait for: let the rest run out.
  socket.once('close', onDrain);
  void once(output, 'close').then(() => socket.off('drain', onDrain));
}

function send(socket: Socket, type: number, payload: Buffer): boolean {
  if (socket.destroyed || !socket.writable) return true;
  const [header, body] = encodeFrame(type, payload);
  socket.cork();
  socket.write(header);
  const room = socket.write(body);
  socket.uncork();
  return room;
}

/** The request line; undefined when the connection closed before it was whole. A later line `{"kill":true}` aborts. */
async function readLine(socket: Socket, gone: AbortController): Promise<string | undefined> {
  return new Promise((done, fail) => {
    let text = '';
    let whole = false;
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      if (whole) {
        if (chunk.includes('"kill":true')) gone.abort();
        return;
      }
      text += chunk;
      const end = text.indexOf('\n');
      if (end >= 0) {
        whole = true;
        done(text.slice(0, end));
        if (text.slice(end).includes('"kill":true')) gone.abort();
      } else if (text.length > largestRequestBytes) {
        fail(new RefusedRequest('bad-request', `the request is longer than ${largestRequestBytes} bytes`));
      }
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
