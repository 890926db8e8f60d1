import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketEnvironment, bucketParameters } from './bucket.ts';
import { distributionConfig } from './distribution.ts';

const PLACE = { bucket: 'images', prefix: 'slipway/images' };
const IDS = {
  folder: '/x',
  certificateFile: '/c',
  httpSecret: 'h',
  tokenRealm: 'r',
  service: 's',
  issuer: 'i',
  port: 1,
};
const KEYS = { accessKeyId: 'id', secretAccessKey: 'a secret', sessionToken: 'a token' };

test('distribution gets the bucket by its configuration, without keys, and the client never sees the bucket', () => {
  const access = { endpoint: 'http://store:8080', region: 'us-east-1', pathStyle: true, keys: KEYS };
  const text = distributionConfig({ ...IDS, bucket: { place: PLACE, access } });
  const { storage } = JSON.parse(text);
  assert.deepEqual(storage.redirect, { disable: true });
  assert.equal(storage.filesystem, undefined);
  assert.deepEqual(
    [storage.s3.regionendpoint, storage.s3.secure, storage.s3.bucket, storage.s3.rootdirectory, storage.s3.v4auth],
    ['http://store:8080', false, 'images', '/slipway/images', true],
  );
  for (const secret of [KEYS.secretAccessKey, KEYS.sessionToken]) assert.ok(!text.includes(secret));
});

test('AWS is reached in each of its regions, also in those that distribution does not know', () => {
  for (const [region, host] of [
    ['ap-new-9', 'https://s3.ap-new-9.amazonaws.com'],
    ['cn-north-1', 'https://s3.cn-north-1.amazonaws.com.cn'],
  ] as const) {
    const { regionendpoint, secure, objectacl } = bucketParameters({
      place: PLACE,
      access: { region, pathStyle: false },
    });
    assert.deepEqual([regionendpoint, secure, objectacl], [host, true, 'bucket-owner-full-control']);
  }
});

test('distribution gets keys, certificates and the proxy by variables, and never the one with which it panics', () => {
  const proxy = { https_proxy: 'http://proxy:1', no_proxy: 'a' };
  const access = { region: 'r', pathStyle: true, keysFile: '/keys', caFile: '/ca.pem', proxy };
  assert.deepEqual(bucketEnvironment({ place: PLACE, access }), {
    AWS_SHARED_CREDENTIALS_FILE: '/keys',
    SSL_CERT_FILE: '/ca.pem',
    HTTPS_PROXY: 'http://proxy:1',
    NO_PROXY: 'a',
  });
  assert.deepEqual(bucketEnvironment({ place: PLACE, access: { region: 'r', pathStyle: true, keys: KEYS } }), {
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'a secret',
    AWS_SESSION_TOKEN: 'a token',
  });
});
