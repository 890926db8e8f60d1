import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { insertInstance } from '#instance/instance-store.ts';
import type { SecretBox } from '#rpc/context.ts';
import { findCodeHost, listCodeHosts, openCodeHost, saveCodeHost } from './code-host-store.ts';

const TIMES = { createdMs: 1, modifiedMs: 1 };
const INSTANCE = { instanceId: 'cri-1', name: 'one', regionId: 'local', status: 'RUNNING', ...TIMES };
const HOST_KEYS = [{ type: 'ssh-ed25519', key: 'AAAA' }];
const GITLAB_HOST = {
  codeRepoType: 'GITLAB' as const,
  baseUrl: 'https://gitlab.example',
  login: { user: 'oauth2', token: 'glpat-secret' },
  allowPrivate: false,
  statuses: { api: 'GITLAB' as const, apiUrl: 'https://git.example/api/v4', token: 'status-token' },
};
const GITEE_HOST = {
  codeRepoType: 'GITEE' as const,
  baseUrl: 'ssh://git@gitee.example',
  login: { privateKey: 'private', fingerprint: 'SHA256:f', hostKeys: HOST_KEYS },
  allowPrivate: true,
  statuses: undefined,
};

test('setting, listing and finding code hosts opens no secret; only a build does', async () => {
  const db = await openDatabaseUnderTest();
  await insertInstance(db, INSTANCE);
  const opened: string[] = [];
  const secrets: Pick<SecretBox, 'seal' | 'open'> = {
    seal: (_id, text) => Buffer.from(text).toString('base64'),
    open: (id, sealed) => {
      opened.push(id);
      return Buffer.from(sealed, 'base64').toString();
    },
  };
  const means = { db, secrets };
  await saveCodeHost(means, 'cri-1', GITLAB_HOST, 5);
  await saveCodeHost(means, 'cri-1', GITEE_HOST, 6);
  const again = await saveCodeHost(means, 'cri-1', GITLAB_HOST, 7);

  assert.deepEqual([again.createdMs, again.modifiedMs, again.login], [5, 7, { user: 'oauth2' }]);
  const listed = await listCodeHosts(db, 'cri-1');
  assert.deepEqual(
    listed.map(({ codeRepoType, login }) => [codeRepoType, login]),
    [
      ['GITEE', { fingerprint: 'SHA256:f', hostKeys: HOST_KEYS }],
      ['GITLAB', { user: 'oauth2' }],
    ],
  );
  assert.deepEqual(await findCodeHost(db, 'cri-1', 'GITLAB'), listed[1]);
  assert.doesNotMatch(JSON.stringify(listed), /secret|private/);
  assert.deepEqual(opened, []);

  assert.deepEqual((await openCodeHost(means, 'cri-1', 'GITLAB'))?.login, GITLAB_HOST.login);
  assert.deepEqual(opened, ['code-host/cri-1/GITLAB']);
});

test('a code host set before logins had a visible part is listed without it', async () => {
  const db = await openDatabaseUnderTest();
  await insertInstance(db, INSTANCE);
  const secrets: Pick<SecretBox, 'seal' | 'open'> = { seal: (_id, text) => text, open: (_id, sealed) => sealed };
  await saveCodeHost({ db, secrets }, 'cri-1', GITLAB_HOST, 5);
  await db.updateTable('code_host').set({ shown_login: null }).execute();
  assert.deepEqual((await listCodeHosts(db, 'cri-1'))[0]?.login, { user: '' });
});
