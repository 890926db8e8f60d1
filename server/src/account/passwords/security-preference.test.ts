import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedSecurityPreference, DEFAULT_SECURITY_PREFERENCE, maySignInFrom } from './security-preference.ts';

const change = (sent: Parameters<typeof changedSecurityPreference>[1], old = DEFAULT_SECURITY_PREFERENCE) =>
  changedSecurityPreference(old, sent);

test('users can sign in to the console from anywhere, or only from the ranges in LoginNetworkMasks', () => {
  assert.ok(maySignInFrom(change({}), undefined));
  const some = change({ LoginNetworkMasks: '192.0.2.0/24;2001:db8::/32; 198.51.100.7' });
  for (const address of ['192.0.2.9', '::ffff:192.0.2.9', '2001:db8::1', '198.51.100.7'])
    assert.ok(maySignInFrom(some, address), address);
  for (const address of ['192.0.3.1', '198.51.100.8', '2001:db9::1', '', undefined])
    assert.ok(!maySignInFrom(some, address), address);
  assert.ok(maySignInFrom(change({ LoginNetworkMasks: '' }, some), '192.0.3.1'));
});

test('the refusal of a preference that is not implemented, or of an invalid value, names the parameter', () => {
  for (const name of [
    'EnableSaveMFATicket',
    'AllowUserToManageAccessKeys',
    'AllowUserToManageMFADevices',
    'AllowUserToManagePublicKeys',
    'EnforceMFAForLogin',
  ] as const) {
    assert.deepEqual(change({ [name]: false }), DEFAULT_SECURITY_PREFERENCE);
    assert.throws(() => change({ [name]: true }), { code: 'NotImplemented', status: 400, message: new RegExp(name) });
  }
  assert.throws(() => change({ MFAOperationForLogin: 'mandatory' }), { code: 'NotImplemented' });
  for (const hours of [0, 25])
    assert.throws(() => change({ LoginSessionDuration: hours }), /"LoginSessionDuration".* is not from 1 to 24/);
  assert.throws(() => change({ LoginNetworkMasks: '192.0.2.0/33' }), /"LoginNetworkMasks".*192\.0\.2\.0\/33/);
  assert.throws(() => change({ LoginNetworkMasks: '192.0.2.1;'.repeat(41) }), /"LoginNetworkMasks".*41 ranges/);
});
