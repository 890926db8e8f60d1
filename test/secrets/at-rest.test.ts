import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startServer, temporaryFolder } from '../support/slipway.ts';

test('no secret of a user or a session is in the data folder or in what the server says, nor the key of a key file outside', async (t) => {
  const keyFile = join(temporaryFolder(t), 'outside.key');
  const server = await startServer(t, { flags: ['--secret-key-file', keyFile] });
  const { client, root, dataFolder } = server;
  await client.call('CreateUser', { UserName: 'robot' });
  const password = 'canary-of-the-password';
  await client.call('CreateLoginProfile', { UserName: 'robot', Password: password });
  const { AccessKey } = await client.call('CreateAccessKey', { UserName: 'robot' });
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: [`acs:ram::${root.AccountId}:root`] } };
  const document = JSON.stringify({ Version: '1', Statement: [trust] });
  const { Role } = await client.call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: document });
  const session = { RoleArn: Role?.Arn ?? '', RoleSessionName: 'nightly' };
  const { Credentials } = await client.call('AssumeRole', session);
  await client.callAny('CreateUser', { UserName: 'robot' }).catch(() => undefined);

  assert.equal(statSync(keyFile).mode & 0o777, 0o600);
  const key = readFileSync(keyFile, 'utf8').trim();
  const secrets = [key, AccessKey?.AccessKeySecret, Credentials?.AccessKeySecret, Credentials?.SecurityToken, password];
  assert.ok(secrets.every((secret) => secret !== undefined && secret.length >= 20));
  const running = filesOf(dataFolder);
  await t.test('the server leaves no core dump and opens no debugger on SIGUSR1', () => {
    const about = (file: string) => readFileSync(`/proc/${server.child.pid}/${file}`, 'utf8');
    assert.match(about('limits'), /^Max core file size +0 +0 /m);
    const [, handled = ''] = /^SigCgt:\s+(\w+)$/m.exec(about('status')) ?? [];
    assert.equal((BigInt(`0x${handled}`) >> BigInt(constants.signals.SIGUSR1 - 1)) & 1n, 0n, handled);
  });
  assert.equal(await server.stop(), 0);
  await assert.rejects(startServer(t, { dataFolder }), /ended with 4: .*secret\.key is not the one that the secrets/s);
  for (const files of [running, filesOf(dataFolder)]) {
    // The search finds a text that is not secret, so it would find a secret.
    assert.ok(files.some(({ content }) => content.includes(AccessKey?.AccessKeyId ?? '')));
    for (const secret of secrets) {
      for (const form of formsOf(secret ?? '')) {
        const found = files.filter(({ content }) => content.includes(form)).map(({ path }) => path);
        assert.deepEqual(found, []);
        assert.ok(!server.stderr().includes(form));
      }
    }
  }
});

test('a damaged key file is not replaced: the server reports it and does not start', async (t) => {
  const server = await startServer(t);
  const { dataFolder } = server;
  await server.stop();
  const file = join(dataFolder, 'secret.key');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.match(readFileSync(file, 'utf8'), /^[0-9a-f]{64}\n$/);
  writeFileSync(file, 'damaged');
  await assert.rejects(startServer(t, { dataFolder }), /serve ended with 4: .*secret\.key is damaged.*restore it/s);
  assert.equal(readFileSync(file, 'utf8'), 'damaged');
});

/** Every file that is below the folder; the sandbox's trial run makes and removes some while we look. */
function filesOf(folder: string): { path: string; content: Buffer }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => contentUnlessGone(join(entry.parentPath, entry.name)));
}

function contentUnlessGone(path: string): { path: string; content: Buffer }[] {
  try {
    return [{ path, content: readFileSync(path) }];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return [];
    }
    throw error;
  }
}

/**
 * The text itself, in hex, and in base64 at each of the three alignments, without the characters that depend on
 * neighbouring bytes.
 */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((pad) => {
    const text = Buffer.concat([Buffer.alloc(pad), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return text.slice(pad === 0 ? 0 : pad + 1, -2);
  });
  return [secret, bytes.toString('hex'), ...base64];
}
