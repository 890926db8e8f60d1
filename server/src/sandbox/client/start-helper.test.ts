import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { skipReason, TEST_OWNER } from '../testing/sandbox.ts';
import { openSandbox, SandboxLost } from './sandbox.ts';
import { startHelper } from './start-helper.ts';

describe('the start of the helper', { skip: skipReason }, () => {
  let dataFolder: string;
  beforeEach(() => {
    dataFolder = mkdtempSync(join(tmpdir(), 'slipway-start-'));
    chownSync(dataFolder, TEST_OWNER.uid, TEST_OWNER.gid);
  });
  afterEach(() => rmSync(dataFolder, { recursive: true, force: true }));

  const options = () => ({
    dataFolder,
    socketPath: join(dataFolder, 'helper.sock'),
    ownerUid: TEST_OWNER.uid,
    ownerGid: TEST_OWNER.gid,
  });

  test('gives the owner alone a socket and root alone the sandbox folder, and removes the socket at the end', async () => {
    const helper = await startHelper(options());
    try {
      const socket = statSync(join(dataFolder, 'helper.sock'));
      assert.deepEqual([socket.uid, socket.mode & 0o777], [TEST_OWNER.uid, 0o600]);
      const folder = statSync(join(dataFolder, 'sandbox'));
      assert.deepEqual([folder.uid, folder.mode & 0o777], [0, 0o700]);
    } finally {
      await helper.close();
    }
    assert.ok(!existsSync(join(dataFolder, 'helper.sock')));
    await assert.rejects(openSandbox(join(dataFolder, 'helper.sock')).check(), SandboxLost);
  });

  test('runs once for a data folder, and no user can keep it from starting by taking a name', async (t) => {
    const name = createHash('sha256').update(realpathSync(dataFolder)).digest('hex').slice(0, 16);
    const squatter = createServer().listen(`\0slipway-sandbox-${name}`);
    t.after(() => squatter.close());
    const helper = await startHelper(options());
    try {
      // Held for its whole life; another helper would wait ten seconds for its end.
      const lock = new DatabaseSync(join(dataFolder, 'sandbox', 'lock.sqlite'));
      assert.throws(() => lock.exec('begin exclusive'), /database is locked/);
      lock.close();
    } finally {
      await helper.close();
    }
    const next = await startHelper(options());
    await next.close();
  });

  test('is refused if the sandbox folder is not root’s, or is a link', async () => {
    mkdirSync(join(dataFolder, 'sandbox'));
    chownSync(join(dataFolder, 'sandbox'), TEST_OWNER.uid, TEST_OWNER.gid);
    await assert.rejects(startHelper(options()), /exit 4.*not a folder owned by root/s);
    rmSync(join(dataFolder, 'sandbox'), { recursive: true });
    mkdirSync(join(dataFolder, 'elsewhere'));
    symlinkSync('elsewhere', join(dataFolder, 'sandbox'));
    await assert.rejects(startHelper(options()), /exit 4.*not a folder owned by root/s);
  });

  test('is refused for bad arguments, once, without another try', async () => {
    await assert.rejects(
      startHelper({ ...options(), allowedEgress: ['mirror.local'] }),
      /exit 2.*not an IPv4 address/s,
    );
    await assert.rejects(startHelper({ ...options(), dataFolder: join(dataFolder, 'absent') }), /exit 2.*ENOENT/s);
  });

  test('answers at a socket whose path is longer than the system accepts', async () => {
    const deep = join(dataFolder, 'd'.repeat(60), 'e'.repeat(60));
    mkdirSync(deep, { recursive: true });
    const helper = await startHelper({ ...options(), socketPath: join(deep, 'helper.sock') });
    try {
      const base = openSandbox(join(deep, 'helper.sock')).findBase('a', `sha256:${'0'.repeat(64)}`);
      assert.equal(await base, undefined);
    } finally {
      await helper.close();
    }
  });
});
