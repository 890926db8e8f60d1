import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readBucketKeys } from './bucket-keys.ts';
import type { Config } from './config.ts';

test('the keys of a bucket come from the default part of a file, or from variables, and are asked for where they are missing', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-keys-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'keys');
  const bucket = { bucket: 'b', prefix: '' };
  const read = (config: object, environment = {}) => readBucketKeys(config as Config, environment);
  writeFileSync(
    file,
    '[other]\naws_access_key_id=no\n[default]\r\naws_access_key_id = id \naws_secret_access_key=a=b\n# x\n[more]\naws_access_key_id=no\n',
  );
  assert.deepEqual(read({ bucket, 's3-keys': file }), { accessKeyId: 'id', secretAccessKey: 'a=b' });
  const variables = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' };
  assert.deepEqual(read({ bucket }, variables), { accessKeyId: 'id', secretAccessKey: 's', sessionToken: 't' });
  assert.equal(read({}, variables), undefined);
  assert.throws(() => read({ bucket }), /bucket is set, but there are no keys for it; set s3-keys/);
  assert.throws(() => read({ bucket, 's3-keys': join(folder, 'none') }, variables), /s3-keys \S+none: ENOENT/);
  writeFileSync(file, '[default]\naws_access_key_id = id\n');
  assert.throws(
    () => read({ bucket, 's3-keys': file }, variables),
    /has no aws_access_key_id and aws_secret_access_key below \[default\]/,
  );
});
