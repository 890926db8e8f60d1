import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { NewBuild } from '#rpc/native-types.gen.ts';
import { buildOptionFields, parseBuildOptions, parseGivenSecrets } from './option-fields.ts';

test('a build’s options contain only the ids of its secrets', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-key-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  const key = readFileSync(file, 'utf8');
  const fields = { Secrets: { token: 'a long value' }, SshKeys: { default: key } };
  const options = parseBuildOptions(fields);
  assert.deepEqual(buildOptionFields(options), { Secrets: ['token'], SshKeys: ['default'] });
  assert.deepEqual(parseGivenSecrets(fields), { secrets: fields.Secrets, sshKeys: fields.SshKeys });
  assert.deepEqual(parseGivenSecrets({}), { secrets: {}, sshKeys: {} });
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'passphrase', '-f', file]);
  assert.throws(
    () => parseGivenSecrets({ SshKeys: { default: readFileSync(file, 'utf8') } }),
    /parameter "SshKeys\.default" is not valid: it needs a passphrase/,
  );
});

test('refuses secrets that cannot be masked or are too large, naming the id and showing nothing of a value', () => {
  const most = Object.fromEntries(Array.from({ length: 16 }, (_, at) => [`s${at}`, 'x'.repeat(16 * 1024)]));
  assert.equal(Object.keys(parseGivenSecrets({ Secrets: most }).secrets).length, 16);
  const cases: [fields: Partial<NewBuild>, says: RegExp][] = [
    [{ Secrets: { token: 'short' } }, /"Secrets\.token" is not valid: it is shorter than 6 characters/],
    [
      { Secrets: { token: `${'canary'.repeat(4000)}` } },
      /"Secrets\.token" is not valid: it is longer than 16384 bytes/,
    ],
    [
      { Secrets: { ...most, more: 'canary' } },
      /"Secrets" is not valid: they have 262150 bytes in all; 262144 is the limit/,
    ],
    [{ Secrets: { '../x': 'canary-1' } }, /"Secrets" is not valid: "\.\.\/x" is not an id/],
    [
      { SshKeys: { default: 'canary-key' } },
      /"SshKeys\.default" is not valid: it is not a private key in the format of OpenSSH/,
    ],
  ];
  for (const [fields, says] of cases)
    assert.throws(
      () => parseGivenSecrets(fields),
      ({ message }) => says.test(message) && !message.includes('canary'),
      String(says),
    );
});
