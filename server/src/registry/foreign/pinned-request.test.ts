import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { listen } from '../testing/foreign-registry.ts';
import { pinnedGet, readBody } from './pinned-request.ts';
import { RegistryError } from './registry-error.ts';

/** A server that sends a piece again and again, a byte at a time, until its reader leaves. */
async function startTrickle(context: TestContext, first: string, piece: string): Promise<URL> {
  const server = createServer((_request, { socket }) => {
    socket?.on('error', () => undefined);
    socket?.write(first);
    let sent = 0;
    const timer = setInterval(() => socket?.write(piece[sent++ % piece.length] ?? ''), 1);
    socket?.once('close', () => clearInterval(timer));
  });
  return new URL(`http://slow.example:${await listen(context, server)}/`);
}

const REACHED = { pin: async () => ({ address: '127.0.0.1' }), tlsVerify: false };
const isUnreachable = (words: RegExp) => (error: unknown) =>
  error instanceof RegistryError && error.kind === 'unreachable' && words.test(error.message);

test('gives up on a head and on a body that take too long, however often a byte arrives', async (context) => {
  const headless = await startTrickle(context, 'HTTP/1.1 200 OK\r\n', 'x: y\r\n');
  const late = pinnedGet(headless, { ...REACHED, answerTimeoutMs: 50 });
  await assert.rejects(late, isUnreachable(/no whole answer within 0\.05 seconds/));
  const informed = await startTrickle(context, '', 'HTTP/1.1 103 Early Hints\r\n\r\n');
  const never = pinnedGet(informed, { ...REACHED, answerTimeoutMs: 50 });
  await assert.rejects(never, isUnreachable(/no whole answer within 0\.05 seconds/));
  const endless = await startTrickle(context, 'HTTP/1.1 200 OK\r\n\r\n', 'x');
  const answer = await pinnedGet(endless, REACHED);
  await assert.rejects(
    readBody(answer, 2 ** 20, 'the text', 50),
    isUnreachable(/the text broke off: it took longer than 0\.05 seconds/),
  );
});
