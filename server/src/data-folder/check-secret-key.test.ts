import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { accessKeyRecord } from '#account/keys/access-key-store.ts';
import { SECRET_KEY_BYTES, secretBox } from '#account/secret-box.ts';
import { insertUser } from '#account/user-store.ts';
import { engineOf } from '#db/engine.ts';
import { KEY_CHECK } from '#db/schema/account-schema.ts';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { checkSecretKey } from './check-secret-key.ts';

test('a database accepts the key of its first start alone, also of two that come at once', async (t) => {
  const db = await openDatabaseUnderTest();
  t.after(() => db.destroy());
  const boxes = [1, 2].map(() => secretBox(randomBytes(SECRET_KEY_BYTES)));
  const check = () => Promise.allSettled(boxes.map((box) => checkSecretKey(db, box, '/keys/file')));
  const first = await check();
  assert.deepEqual(first.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  const again = await check();
  assert.deepEqual(
    again.map(({ status }) => status),
    first.map(({ status }) => status),
  );
  const refused = again.find((each) => each.status === 'rejected');
  assert.equal(refused?.reason.exitCode, 4);
  assert.match(
    refused?.reason.message,
    engineOf(db) === 'sqlite'
      ? /^the key in \/keys\/file is not the one .*--secret-key-file\..*slipway restore/
      : /^the key in \/keys\/file is not the one .*--secret-key-file\..*docs\/fleet\.md/,
  );
});

test('a database of an earlier version keeps no key that does not open its newest access key, and one of a backup without its key keeps any', async (t) => {
  const db = await openDatabaseUnderTest();
  t.after(() => db.destroy());
  const [right, other] = [1, 2].map(() => secretBox(randomBytes(SECRET_KEY_BYTES)));
  assert.ok(right && other);
  await insertUser(db, {
    user_id: 'u1',
    name: 'ann',
    display_name: '',
    mobile_phone: '',
    email: '',
    comments: '',
    created_ms: 1,
    modified_ms: 1,
    last_login_ms: null,
  });
  const sealed_secret = right.seal(accessKeyRecord('LTAI1'), 'its secret');
  const key = { access_key_id: 'LTAI1', user_id: 'u1', sealed_secret, status: 'Active', created_ms: 1 };
  await db.insertInto('ram_access_key').values(key).execute();
  assert.equal(await checkSecretKey(db, other, '/keys/file'), false);
  assert.equal(await checkSecretKey(db, right, '/keys/file'), true);
  await assert.rejects(checkSecretKey(db, other, '/keys/file'), { exitCode: 4 });

  await db.updateTable('server_secret').set({ sealed: '' }).where('name', '=', KEY_CHECK).execute();
  await checkSecretKey(db, other, '/keys/file');
  await assert.rejects(checkSecretKey(db, right, '/keys/file'), { exitCode: 4 });
});
