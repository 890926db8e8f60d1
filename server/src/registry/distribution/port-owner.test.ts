import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { portOwner } from './port-owner.ts';

const skip = process.getuid?.() === 0 ? false : 'only root becomes another user';

test('reports whose program has a port, so that another user’s program is not taken for the registry', {
  skip,
}, async (t) => {
  const own = createServer().listen(0, '127.0.0.1');
  await once(own, 'listening');
  assert.equal(await portOwner((own.address() as AddressInfo).port), 0);
  own.close();
  // Perl is part of every Debian, and every user can run it.
  const script =
    '$s = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die; $| = 1; print $s->sockport; sleep 60';
  const stranger = spawn('setpriv', [
    '--reuid=65534',
    '--clear-groups',
    '/usr/bin/perl',
    '-MIO::Socket::INET',
    '-e',
    script,
  ]);
  t.after(() => stranger.kill('SIGKILL'));
  const [port] = await Promise.race([
    once(stranger.stdout, 'data'),
    once(stranger, 'close').then(() => assert.fail('it ended')),
  ]);
  assert.equal(await portOwner(Number(String(port))), 65534);
  assert.equal(await portOwner(1), undefined);
});
