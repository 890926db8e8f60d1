import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { runToEnd, type SandboxUnderTest, skipLongReason, startSandboxUnderTest } from './testing/sandbox.ts';

describe('the layers of a build', { skip: skipLongReason }, () => {
  let under: SandboxUnderTest;
  before(async () => {
    under = await startSandboxUnderTest();
  });
  after(() => under.close());

  test('keep setuid, setgid and sticky bits, both their own and those copied from a stage or the source', async () => {
    const Dockerfile = [
      'FROM busybox AS made',
      'RUN cp /bin/busybox /u && chmod 4755 /u && cp /u /g && chown 0:7 /g && chmod 2755 /g && mkdir -m 1777 /t',
      'FROM busybox',
      'COPY --from=made /u /g /copied/',
      'COPY both neither /sent/',
      'RUN ls -ln /sent && mkdir -m 1777 /own && cp /bin/busybox /own/u && chmod 4755 /own/u && ls -ln /copied',
    ].join('\n');
    const request = under.prepare({ Dockerfile, both: '', neither: '' });
    const context = join(under.dataFolder, 'work', request.buildId, 'context');
    chmodSync(join(context, 'both'), 0o6755);
    chmodSync(join(context, 'neither'), 0o755);
    const { outcome, output } = await runToEnd(under.sandbox, request);
    assert.equal(outcome.phase, 'done', output);
    assert.match(output, /^-rwxr-sr-x .* g\n-rwsr-xr-x .* u$/m);
    assert.match(output, /^-rwsr-sr-x .* both\n-rwxr-xr-x .* neither$/m);
    const image = join(under.dataFolder, 'work', request.buildId, 'out', 'img');
    const listed = spawnSync('sh', [
      '-c',
      'for layer in "$1"/*; do tar -tvf "$layer" 2>/dev/null; done',
      'list',
      image,
    ]);
    const entries = listed.stdout.toString();
    for (const form of [
      /^-rwsr-xr-x .* copied\/u$/m,
      /^-rwxr-sr-x .* copied\/g$/m,
      /^drwxrwxrwt .* own\/$/m,
      /^-rwsr-xr-x .* own\/u$/m,
    ])
      assert.match(entries, form);
  });
});
