import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { listens } from './listens.ts';

test('tells whether a process itself has a port, and not one that another process of its user has', async (context) => {
  const own = createServer().listen(0, '127.0.0.1');
  context.after(() => own.close());
  await once(own, 'listening');
  const { port } = own.address() as AddressInfo;
  const other = spawn('sleep', ['60']);
  context.after(() => other.kill('SIGKILL'));
  assert.equal(await listens(process.pid, port), true);
  assert.equal(await listens(other.pid ?? 0, port), false);
  assert.equal(await listens(process.pid, 1), false);
  other.kill('SIGKILL');
  await once(other, 'close');
  assert.equal(await listens(other.pid ?? 0, port), false, 'one that has ended has none');
});
