import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { insertRole, listRoles } from './role-store.ts';

test('a page of roles reads one more than it shows, and no others', async () => {
  const db = await openDatabaseUnderTest();
  for (const name of ['a', 'b', 'c', 'd', 'e'])
    await insertRole(db, {
      role_id: name,
      name,
      description: '',
      trust_policy: '{}',
      max_session_seconds: 3600,
      created_ms: 1,
      modified_ms: 1,
    });
  const names = async (page: Parameters<typeof listRoles>[1]) => (await listRoles(db, page)).map(({ name }) => name);
  assert.deepEqual(await names({ after: 'a', limit: 2 }), ['b', 'c', 'd']);
  assert.deepEqual(await names({ after: 'c', limit: 2 }), ['d', 'e']);
  assert.deepEqual(await names({ after: '' }), ['a', 'b', 'c', 'd', 'e']);
});
