import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { otherVersions } from '@slipway/client/spec.gen.ts';

/**
 * For operations that product ims has too, the commands call that form, which has more fields; there are no second
 * factors to unbind.
 */
const LEFT_OUT = [
  'GetPasswordPolicy',
  'GetSecurityPreference',
  'SetPasswordPolicy',
  'SetSecurityPreference',
  'UnbindMFADevice',
];

test('has a command for each operation on users, roles, policies and the account', () => {
  const folder = join(import.meta.dirname, 'ram');
  const source = readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  // A name in a template ends where a value is inserted: "AttachPolicyTo${kind}".
  const called = [...source.matchAll(/['`]([\w.]*(?:\$\{\w+\}[\w.]*)?)['`]/g)]
    .map(([, name = '']) => name.split(/\$\{\w+\}/))
    .filter((parts) => parts.join('').length > 3);
  const isCalled = (action: string) =>
    called.some(([start = '', end]) =>
      end === undefined ? action === start : action.startsWith(start) && action.endsWith(end),
    );
  assert.deepEqual(
    Object.keys(otherVersions).filter((action) => !isCalled(action) && !action.includes('SAML')),
    LEFT_OUT,
  );
});
