import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildJob, BuildMeans } from './build-job.ts';
import { readySecrets } from './ready-secrets.ts';

test('a secret whose id is a property of every JavaScript object behaves like any other', async () => {
  const lines: string[] = [];
  const kept: string[] = [];
  const asked: string[][] = [];
  const job = {
    record: {},
    log: {
      line: async (line: string) => void lines.push(line),
      addSecret: async (...values: string[]) => void kept.push(...values),
    },
  } as unknown as BuildJob;
  const stored: Record<string, string> = { constructor: 'of the repository' };
  const buildSecrets = async (_: unknown, names: readonly string[]) => {
    asked.push([...names]);
    return Object.fromEntries(Object.entries(stored).filter(([name]) => names.includes(name)));
  };
  const given = { secrets: { valueOf: 'of the build' }, sshKeys: {} };
  const ids = ['constructor', 'toString', 'valueOf'];
  const secrets = await readySecrets({ buildSecrets } as unknown as BuildMeans, job, ids, given);
  assert.deepEqual(asked, [['constructor', 'toString']]);
  assert.deepEqual({ ...secrets }, { constructor: 'of the repository', valueOf: 'of the build' });
  assert.deepEqual(kept, ['of the repository']);
  assert.match(lines.join(), /^the secret toString is not set, so its mount is empty/);
});
