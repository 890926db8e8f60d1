import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readSecrets, readSshKeys } from './build-secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-secrets-'));
const file = join(folder, 'a,b');
writeFileSync(file, 'of the file\n');
after(() => rmSync(folder, { recursive: true }));

const variables = (name: string) => ({ TOKEN: 'of the variable', both: 'of both' })[name];

test('reads the secrets of a build as docker build does: from a file, a variable, or by the id alone', () => {
  const cases: [spec: string, id: string, value: string][] = [
    [`id=x,"src=${file}"`, 'x', 'of the file\n'],
    [`type=file,id=x,"source=${file}"`, 'x', 'of the file\n'],
    ['id=x,env=TOKEN', 'x', 'of the variable'],
    ['type=env,id=TOKEN', 'TOKEN', 'of the variable'],
    ['id=x,type=env,src=TOKEN', 'x', 'of the variable'],
    ['id=both', 'both', 'of both'],
  ];
  for (const [spec, id, value] of cases) assert.deepEqual(readSecrets([spec], variables), { [id]: value }, spec);
});

test('explains what is wrong with a secret', () => {
  const cases: [specs: string[], says: RegExp][] = [
    [['src=x'], /"src=x" has no id; write id=ID,src=FILE or id=ID,env=NAME/],
    [['token'], /"token" in "token" is not one of id=…, src=…/],
    [['id=a,file=x'], /"file=x" in "id=a,file=x" is not one of/],
    [['id=a,id=b'], /has id twice/],
    [['id=a,type=vault'], /the type "vault" is neither file nor env/],
    [['id=a,src=f,env=E'], /names both a file and a variable/],
    [['id=a,env=NO_SUCH_VARIABLE'], /the environment variable NO_SUCH_VARIABLE is not set/],
    [['id=a,type=env'], /the environment variable a is not set/],
    [[`id=a,src=${folder}/none`], /the file .*\/none cannot be read \(ENOENT\)/],
    [['id=a,env=TOKEN', 'id=a,env=both'], /the id "a" is given twice/],
  ];
  for (const [specs, says] of cases) assert.throws(() => readSecrets(specs, variables), says, String(specs));
});

test('accepts a key file for --ssh, and explains that a server cannot use an agent', () => {
  writeFileSync(join(folder, 'key'), 'a key');
  assert.deepEqual(readSshKeys([`git=${folder}/key`]), { git: 'a key' });
  assert.throws(() => readSshKeys(['default']), /cannot use the SSH agent of this machine.*--ssh default=KEYFILE/);
  assert.throws(() => readSshKeys(['default=']), /--ssh default=KEYFILE/);
  assert.throws(() => readSshKeys([`default=${folder}/key,${folder}/key`]), /names several keys/);
});
