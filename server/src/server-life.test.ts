import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Holders } from '#process/holders.ts';
import type { StartedHelper } from '#sandbox/client/start-helper.ts';
import { beginLife } from './server-life.ts';

test('a registry that dies while the server stops is logged, and running builds are ended', async (t) => {
  const signals = ['SIGTERM', 'SIGINT'] as const;
  const before = signals.map((signal) => process.listeners(signal));
  t.after(() => {
    for (const [at, signal] of signals.entries())
      for (const listener of process.listeners(signal))
        if (!before[at]?.includes(listener)) process.off(signal, listener);
  });
  const fatal: string[] = [];
  const logger: Partial<Logger> = {
    info: () => undefined,
    fatal: (_: unknown, text?: string) => fatal.push(text ?? ''),
  };
  const { promise: registryDied, resolve: die } = Promise.withResolvers<object>();
  let hurried = 0;
  const child = new EventEmitter();
  beginLife({
    // It never closes: its builds continue.
    server: { registryDied, hurry: () => void hurried++, close: () => new Promise<void>(() => undefined) },
    helper: { child } as Partial<StartedHelper> as StartedHelper,
    lock: { [Symbol.dispose]: () => undefined },
    memory: undefined,
    holders: { ready: () => undefined } as Partial<Holders> as Holders,
    logger: logger as Logger,
    url: 'http://127.0.0.1:1',
    nodeId: 'node-1',
    embedded: false,
    drainMs: 600_000,
    onFault: assert.fail,
  });
  child.emit('close');
  fatal.length = 0;
  die({ code: 2, signal: null });
  await setImmediate();
  assert.equal(hurried, 1);
  assert.deepEqual(fatal, ['the registry ended while the server stops; builds that still run are ended']);
});
