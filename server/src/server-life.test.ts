import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Holders } from '#process/holders.ts';
import type { StartedHelper } from '#sandbox/client/start-helper.ts';
import { beginLife } from './server-life.ts';

/** A server that was asked to stop and never closes, because its builds continue. */
function stoppingServer(t: TestContext) {
  const signals = ['SIGTERM', 'SIGINT'] as const;
  const before = signals.map((signal) => process.listeners(signal));
  t.after(() => {
    for (const signal of signals) for (const listener of added(signal)) process.off(signal, listener);
  });
  const added = (signal: (typeof signals)[number]) =>
    process.listeners(signal).filter((listener) => !before[signals.indexOf(signal)]?.includes(listener));
  const fatal: string[] = [];
  const told = { info: () => undefined, fatal: (...words: unknown[]) => fatal.push(String(words.at(-1))) };
  const logger = told as Partial<Logger> as Logger;
  const { promise: registryDied, resolve: registryDies } = Promise.withResolvers<object>();
  const child = new EventEmitter();
  const server = {
    registryDied,
    hurried: 0,
    hurry: () => void server.hurried++,
    close: () => new Promise<void>(() => undefined),
  };
  beginLife({
    server,
    helper: { child } as Partial<StartedHelper> as StartedHelper,
    lock: { [Symbol.dispose]: () => undefined },
    memory: undefined,
    holders: { ready: () => undefined } as Partial<Holders> as Holders,
    logger,
    url: 'http://127.0.0.1:1',
    nodeId: 'node-1',
    embedded: false,
    drainMs: 600_000,
    onFault: assert.fail,
  });
  for (const listener of added('SIGTERM')) listener('SIGTERM');
  return { server, fatal, registryDies, helperDies: () => child.emit('close') };
}

test('a registry that dies while the server stops is logged, and running builds are ended', async (t) => {
  const { server, fatal, registryDies } = stoppingServer(t);
  registryDies({ code: 2, signal: null });
  await setImmediate();
  assert.equal(server.hurried, 1);
  assert.deepEqual(fatal, ['the registry ended while the server stops; builds that still run are ended']);
});

test('a sandbox helper that dies while the server stops is logged, and running builds are ended', (t) => {
  const { server, fatal, helperDies } = stoppingServer(t);
  helperDies();
  assert.equal(server.hurried, 1);
  assert.deepEqual(fatal, ['the sandbox helper ended while the server stops; builds that still run are ended']);
});
