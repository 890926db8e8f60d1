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

/** Listens as systemd does, which Node cannot: Node has no datagrams over Unix sockets. Prints what it is told. */
const LISTENER = `
import socket, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(sys.argv[1])
print('listening', flush=True)
while True:
    print(listener.recv(4096).decode(), flush=True)
`;

test('systemd is told that the server is ready, and a socket that is not there is an error', {
  skip: missing !== undefined && `needs ${missing}`,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-notify-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const socket = join(folder, 'notify');
  await assert.rejects(notifyReady(socket, 1), /systemd-notify --ready ended with 1: /);
  // Nobody listens at first: it is sent until somebody does.
  const told = notifyReady(socket);
  const listener = spawn('python3', ['-c', LISTENER, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => listener.kill());
  listener.stdout.setEncoding('utf8');
  let said = '';
  listener.stdout.on('data', (text: string) => {
    said += text;
  });
  const ended = once(listener, 'close');
  await told;
  listener.kill();
  await ended;
  assert.match(said, /^listening\nREADY=1$/m);
});
