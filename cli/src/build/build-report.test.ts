import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkReportFlags, writeReports } from './build-report.ts';

test('writes --iidfile and --metadata-file as docker build does, and checks the flags beforehand', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-report-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const flags = { iidfile: join(folder, 'iid'), metadataFile: join(folder, 'meta.json') };
  await checkReportFlags({ ...flags, progress: 'plain' });
  await writeReports(flags, { buildRecordId: 'b-1', image: 'host/team/app:v1', digest: 'sha256:1' });
  assert.equal(readFileSync(flags.iidfile, 'utf8'), 'sha256:1');
  assert.deepEqual(JSON.parse(readFileSync(flags.metadataFile, 'utf8')), {
    'containerimage.digest': 'sha256:1',
    'image.name': 'host/team/app:v1',
    'buildx.build.ref': 'b-1',
  });
  await assert.rejects(
    checkReportFlags({ iidfile: join(folder, 'no', 'iid') }),
    /--iidfile: the folder .* does not exist/,
  );
  await assert.rejects(checkReportFlags({ progress: 'tty' }), /--progress: "tty" is neither auto nor plain/);
});
