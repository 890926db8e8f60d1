import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { BuildFailed } from '../failure/build-failed.ts';
import { requireSources } from './named-source.ts';

const DOCKERFILE = { path: 'Dockerfile', firstLine: 2, lastLine: 2, lines: ['COPY --parents a /x/'] };

test('a source that COPY --parents names must exist, and no link is followed to find it', async (t) => {
  const context = await mkdtemp(join(tmpdir(), 'slipway-named-'));
  t.after(() => rm(context, { recursive: true }));
  await mkdir(join(context, 'a/b'), { recursive: true });
  await writeFile(join(context, 'a/file'), '');
  await symlink('/etc', join(context, 'out'));
  const isThere = async (path: string): Promise<boolean> => {
    try {
      await requireSources(context, [{ path, dockerfile: DOCKERFILE }]);
      return true;
    } catch (error) {
      assert.ok(error instanceof BuildFailed && error.kind === 'step-file-missing', String(error));
      assert.equal(error.dockerfile, DOCKERFILE);
      return false;
    }
  };
  for (const path of ['./a', 'a/b/', '/a/./file', './', './out', 'out/passwd', 'out/no-such-file'])
    assert.equal(await isThere(path), true, path);
  for (const path of ['./b', 'a/b/c', 'a/file/c', 'x'.repeat(300), 'a\0'])
    assert.equal(await isThere(path), false, path);
});
