import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { SignJWT } from 'jose';

import { mintBuildCredential, verifyBuildCredential } from './build-credential.ts';
import type { Grant } from './scope.ts';
import { openSigningKey, type SigningKey } from './signing-key.ts';
import { mintToken, readTokenRights } from './token.ts';
import { rightsOfToken } from './verified-tokens.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const CREDENTIAL = { repository: 'team/app', actions: ['pull' as const, 'push' as const] };

let folder: string;
let key: SigningKey;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-keys-test-'));
  key = await openSigningKey(folder, (make) => make());
});

after(() => rm(folder, { recursive: true, force: true }));

test('accepts a build credential until it expires', async () => {
  const password = await mintBuildCredential(key, CREDENTIAL, NOW_MS, 60_000);
  assert.deepEqual(await verifyBuildCredential(key, password, NOW_MS + 59_000), CREDENTIAL);
  assert.equal(await verifyBuildCredential(key, password, NOW_MS + 61_000), undefined);
});

test('accepts no registry token, foreign signature or plain text as a build credential', async () => {
  const content = { issuer: 'i', service: 's', subject: '', access: [], missingRepositories: [] };
  const { token } = await mintToken(key, content, NOW_MS);
  assert.equal(await verifyBuildCredential(key, token, NOW_MS), undefined);
  const otherFolder = join(folder, 'other');
  const otherKey = await openSigningKey(otherFolder, (make) => make());
  const foreign = await mintBuildCredential(otherKey, CREDENTIAL, NOW_MS);
  assert.equal(await verifyBuildCredential(key, foreign, NOW_MS), undefined);
  const forged = await new SignJWT({ ...CREDENTIAL })
    .setProtectedHeader({ alg: 'HS256', typ: 'slipway-build+jwt' })
    .setAudience('slipway-build-credential')
    .setExpirationTime(NOW_MS / 1000 + 60)
    .sign(Buffer.from(key.certificateDer, 'base64'));
  assert.equal(await verifyBuildCredential(key, forged, NOW_MS), undefined);
  assert.equal(await verifyBuildCredential(key, 'secret', NOW_MS), undefined);
  assert.equal(await verifyBuildCredential(key, '', NOW_MS), undefined);
});

test('mints no token that is valid for more than five minutes', async () => {
  const content = { issuer: 'i', service: 's', subject: '', access: [], missingRepositories: [] };
  assert.equal((await mintToken(key, content, NOW_MS, 3_600_000)).expiresInS, 300);
});

test('reads what may be pushed, and why a pull or a push is refused, only from its own valid tokens', async () => {
  const denied = { pull: ['secret/vault'], push: ['team/base'], delete: [] };
  const refusals = { missingRepositories: ['team/app'], denied, requestId: 'R' };
  const access: Grant[] = [
    { type: 'repository', name: 'team/own', actions: ['pull', 'push'] },
    { type: 'repository', name: 'team/read', actions: ['pull'] },
  ];
  const { token } = await mintToken(key, { issuer: 'i', service: 's', subject: 'u', access, ...refusals }, NOW_MS);
  const expected = { issuer: 'i', service: 's' };
  const allowed = new Map(access.map(({ name, actions }) => [name, actions]));
  const untilMs = Math.floor(NOW_MS / 1000) * 1000 + 300_000;
  const told = { allowed, by: 'u', replicates: false, missing: ['team/app'], denied, requestId: 'R', untilMs };
  assert.deepEqual(await readTokenRights(key, token, expected, NOW_MS), told);
  assert.equal(await readTokenRights(key, token, expected, NOW_MS + 400_000), undefined);
  assert.equal(await readTokenRights(key, token, { issuer: 'x', service: 's' }, NOW_MS), undefined);
  assert.equal(await readTokenRights(key, `${token}x`, expected, NOW_MS), undefined);
});

test('verifies each token once, and accepts none after its end or of another registry', async () => {
  const content = { issuer: 'i', service: 's', subject: 'u', access: [], missingRepositories: [] };
  const { token } = await mintToken(key, content, NOW_MS);
  const expected = { issuer: 'i', service: 's' };
  const first = await rightsOfToken(key, token, expected, NOW_MS);
  assert.ok(first);
  assert.equal(await rightsOfToken(key, token, expected, NOW_MS + 200_000), first);
  assert.equal(await rightsOfToken(key, token, expected, first.untilMs), undefined);
  assert.equal(await rightsOfToken(key, token, expected, first.untilMs), undefined);
  assert.equal(await rightsOfToken(key, token, { issuer: 'i', service: 'x' }, NOW_MS), undefined);
  assert.equal(await rightsOfToken(key, token, expected, NOW_MS - 60_000), undefined, 'before its time');
  assert.equal(await rightsOfToken(key, `${token.slice(0, -4)}AAAA`, expected, NOW_MS), undefined);
});
