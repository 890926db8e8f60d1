import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { notifyReady } from './notify-ready.ts';

const NEEDS = ['systemd-notify', 'python3'];
const missing = NEEDS.find((program) => spawnSync(program, ['--version']).error !== undefined);

/** Listens as systemd does, which Node cannot: Node has no datagrams over Unix sockets. Prints the first message. */
const LISTENER = `
import socket, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(sys.argv[1])
print('listening', flush=True)
print(listener.recv(4096).decode(), flush=True)
listener.settimeout(60)
listener.recv(4096)
`;

test('systemd is told that the server is ready, and a socket that is not there is an error', {
  skip: missing !== undefined && `needs ${missing}`,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-notify-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const socket = join(folder, 'notify');
  await assert.rejects(notifyReady(socket), /systemd-notify --ready ended with 1: /);
  const listener = spawn('python3', ['-c', LISTENER, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => listener.kill());
  listener.stdout.setEncoding('utf8');
  assert.equal((await once(listener.stdout, 'data'))[0], 'listening\n');
  const [[said]] = await Promise.all([once(listener.stdout, 'data'), notifyReady(socket)]);
  assert.match(said, /^READY=1$/m);
});
