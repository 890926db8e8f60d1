import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { BuildFailed } from './failure/build-failed.ts';
import { listRemoteRefs, type RemoteRefsMeans } from './remote-refs.ts';

test('a clean-up that fails is reported, and the answer stays', async (t) => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'slipway-refs-'));
  t.after(() => rmSync(dataFolder, { recursive: true }));
  const reported: unknown[] = [];
  const lost = new Error('the helper is gone');
  const means = {
    dataFolder,
    limits: {},
    codeHost: async () => ({ baseUrl: 'https://git.example', login: undefined, allowPrivate: false }),
    sandbox: {
      openWork: async () => {
        throw new BuildFailed('source-host-unknown', 'there is no such host');
      },
    },
    newId: () => 'id',
    cleanUp: async () => {
      throw lost;
    },
    report: (_what: string, error: unknown) => reported.push(error),
  } as unknown as RemoteRefsMeans;
  const binding = { instanceId: 'i', codeRepoType: 'GITLAB', codeRepoNamespaceName: 'team', codeRepoName: 'app' };
  const { problem } = await listRemoteRefs(means, binding as Parameters<typeof listRemoteRefs>[1]);
  assert.equal(problem, 'there is no such host');
  assert.deepEqual(reported, [lost]);
});
