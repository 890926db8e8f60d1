import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headerSecrets } from './header-secrets.ts';

test('the secrets of an Authorization header are its credentials, and the password of a Basic login', () => {
  const basic = Buffer.from('me:pass:word').toString('base64');
  const cases: [string, string[]][] = [
    ['Bearer token-1', ['token-1']],
    [' bearer  token-1 ', ['token-1']],
    [`Basic ${basic}`, [basic, 'pass:word']],
    ['token-alone', ['token-alone']],
    [' ', []],
  ];
  for (const [header, secrets] of cases) assert.deepEqual(headerSecrets(header), secrets, header);
});
