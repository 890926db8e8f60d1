import assert from 'node:assert/strict';
import { linkSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { holdServer } from './hold-server.ts';

const skip = process.platform === 'linux' ? false : 'servers run on Linux only';

test('a copy made of hard links does not lead commands to the server of the original', { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-hold-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const name of ['data', 'copy']) mkdirSync(join(folder, name, 'run'), { recursive: true });
  const socket = join(folder, 'data', 'run', 'holders.sock');
  const { dev, ino } = statSync(join(folder, 'data', 'run'), { bigint: true });
  const greeting = { Endpoint: 'http://127.0.0.1:1', Embedded: false, Folder: `${dev}:${ino}` };
  const server = createServer((connection) => connection.write(`${JSON.stringify(greeting)}\n`));
  await new Promise<void>((done) => server.listen(socket, done));
  t.after(() => server.close());
  linkSync(socket, join(folder, 'copy', 'run', 'holders.sock'));
  const hold = await holdServer(join(folder, 'data'));
  assert.ok(hold !== undefined && hold !== 'leaving');
  hold.release();
  await assert.rejects(holdServer(join(folder, 'copy')), /is a copy that shares its files/);
});
