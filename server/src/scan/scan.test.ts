import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { callAs, owner } from '#gateway/testing/caller.ts';
import { JobFailed } from '#job/job.ts';
import { DPKG, NPM, OCI, OPENSSL, OS, setUp } from './testing/scanned-repository.ts';

test('looks up an image in the imported advisories, with its source’s version, its language’s packages and its place', async (context) => {
  const { gateway, place, db, push, importSet, scan, results, faults } = await setUp(context);
  await importSet('debian', [
    OPENSSL,
    { ...OPENSSL, name: 'CVE-2023-2', ranges: [{ introduced: '0', fixed: '3.0.9-1' }] },
  ]);
  await importSet('npm', [NPM]);
  await push(
    'v1',
    [OS, DPKG],
    [{ name: 'a/node_modules/left-pad/package.json', content: '{"name":"left-pad","version":"1.3.0"}' }],
  );
  assert.equal(await scan('v1'), 'COMPLETE');
  const { RequestId: _, ...summary } = await owner(gateway, 'GetRepoTagScanSummary', { ...place, Tag: 'v1' });
  const counts = { HighSeverity: 1, MediumSeverity: 0, LowSeverity: 1, UnknownSeverity: 0, TotalSeverity: 2 };
  assert.deepEqual(summary, { ...counts, Code: 'success', IsSuccess: true });
  const found = await results({ Tag: 'v1' });
  const [first, second] = found.Vulnerabilities as Record<string, string>[];
  const { AddedBy, ...rest } = first ?? {};
  assert.match(String(AddedBy), /^sha256:/);
  assert.deepEqual(rest, {
    CveName: 'CVE-2023-1',
    AliasName: '',
    Severity: 'High',
    ScanType: 'cve',
    Description: 'It breaks.',
    CveLink: 'https://security.example/CVE-2023-1',
    CveLocation: '/var/lib/dpkg/status',
    Feature: 'libssl3',
    Version: '3.0.9-1+b1',
    VersionFixed: '3.0.10-1',
    VersionFormat: 'dpkg',
    FixCmd: 'apt-get update && apt-get install -y --only-upgrade libssl3',
  });
  assert.deepEqual([second?.CveName, second?.ScanType, second?.FixCmd], ['GHSA-1', 'sca', '']);
  for (const [filter, names] of [
    [{ Severity: 'Low' }, ['GHSA-1']],
    [{ ScanType: 'cve' }, ['CVE-2023-1']],
    [{ VulQueryKey: 'LEFT%' }, []],
    [{ VulQueryKey: 'LEFT' }, ['GHSA-1']],
    [{ PageSize: '1', PageNo: '2' }, ['GHSA-1']],
  ] as const) {
    const { Vulnerabilities } = await results({ Tag: 'v1', ...filter });
    assert.deepEqual(
      (Vulnerabilities as { CveName: string }[]).map(({ CveName }) => CveName),
      names,
    );
  }
  const fields = await results({ Tag: 'v1', FilterValue: 'Feature' });
  assert.deepEqual(fields.Vulnerabilities, [{ Feature: 'libssl3' }, { Feature: 'left-pad' }]);
  const [event] = await db.selectFrom('event').select('body').where('kind', '=', 'scan_finished').execute();
  const { scanId, status } = JSON.parse(event?.body ?? '{}');
  assert.equal(status, 'COMPLETE');
  const byTask = await callAs(gateway, gateway, 'GetRepoTagScanStatus', {
    InstanceId: place.InstanceId,
    ScanTaskId: scanId,
  });
  assert.equal(byTask.body.Status, 'COMPLETE');
  assert.deepEqual(faults, []);
});

test('never reports an image as clean that was not looked up', async (context) => {
  const { push, importSet, ask, scan } = await setUp(context);
  await push('v1', [OS, DPKG]);
  const { status, body } = await ask('CreateRepoTagScanTask', { Tag: 'v1' });
  assert.deepEqual([status, body.Code], [400, 'UnsupportedOperation']);
  assert.match(String(body.Recommend), /slipway scan import/);
  await importSet('npm', [NPM]);
  await push('scratch', [{ name: 'bin/tool', content: 'x' }]);
  await push('nameless', [DPKG]);
  for (const [tag, words] of [
    ['v1', /no advisories for Debian:12 or Debian:bookworm were imported/],
    ['scratch', /nothing in the image says which packages it holds/],
    ['nameless', /which distribution it is,/],
  ] as const) {
    assert.equal(await scan(tag), 'FAILED');
    const summary = await ask('GetRepoTagScanSummary', { Tag: tag });
    assert.deepEqual([summary.status, summary.body.Code], [409, 'SCAN_TASK_STATUS_NOT_SUPPORT']);
    assert.match(String(summary.body.Message), words);
  }
});

test('scans an image once for all its tags, and again after other advisories are imported', async (context) => {
  const { db, push, importSet, scan, ask } = await setUp(context);
  await importSet('debian', [OPENSSL]);
  for (const tag of ['a', 'b', 'c']) await push(tag, [OS, DPKG]);
  for (const tag of ['a', 'b', 'c', 'a']) assert.equal(await scan(tag), 'COMPLETE');
  const scans = async () => (await db.selectFrom('scan').select('scan_id').execute()).length;
  assert.equal(await scans(), 1);
  await importSet('debian', []);
  assert.equal((await ask('CreateRepoTagScanTask', { Tag: 'a' })).status, 400);
  await importSet('debian', [{ ...OPENSSL, ranges: [{ introduced: '0', fixed: '3.0.1' }] }]);
  assert.equal(await scan('b'), 'COMPLETE');
  assert.equal(await scans(), 2);
  assert.equal((await ask('GetRepoTagScanSummary', { Tag: 'c' })).body.TotalSeverity, 0);
});

test('scans every platform of an index, and refuses what is not an image', async (context) => {
  const { push, keep, importSet, scan, results, ask } = await setUp(context);
  await importSet('debian', [OPENSSL]);
  await importSet('npm', [NPM]);
  const amd = { ...(await push(undefined, [OS, DPKG])), platform: { architecture: 'amd64', os: 'linux' } };
  const content = '{"name":"left-pad","version":"1.0.0"}';
  const arm = {
    ...(await push(undefined, [{ name: 'node_modules/left-pad/package.json', content }])),
    platform: { architecture: 'arm64' },
  };
  const about = { ...(await push(undefined, [])), platform: { architecture: 'unknown', os: 'unknown' } };
  await keep(`${OCI}.index.v1+json`, { manifests: [amd, arm, about] }, 'multi');
  assert.equal(await scan('multi'), 'COMPLETE');
  assert.deepEqual((await results({ Tag: 'multi', FilterValue: 'CveName' })).Vulnerabilities, [
    { CveName: 'CVE-2023-1' },
    { CveName: 'GHSA-1' },
  ]);
  const config = { mediaType: 'application/vnd.cncf.helm.config.v1+json', digest: amd.digest, size: 2 };
  await keep(`${OCI}.manifest.v1+json`, { config, layers: [] }, 'chart');
  const { status, body } = await ask('CreateRepoTagScanTask', { Tag: 'chart' });
  assert.deepEqual([status, body.Code], [400, 'UnsupportedOperation']);
});

const skip = process.env.SLIPWAY_TEST_LONG !== '1' && 'uses seconds of CPU time: runs with SLIPWAY_TEST_LONG=1';
test('an image that is made to cost much fails with its reason, and the next one is scanned', {
  skip,
}, async (context) => {
  const limits = { read: { entries: 500, unpackedBytes: 8 * 2 ** 20 } };
  const { push, importSet, scan, ask } = await setUp(context, limits);
  await importSet('debian', [OPENSSL]);
  const files = Array.from({ length: 501 }, (_, at) => ({ name: `f${at}` }));
  for (const [tag, layer, words] of [
    ['bomb', gzipSync(Buffer.alloc(16 * 2 ** 20)), /unpacks to more bytes|not a tar archive/],
    ['files', files, /more files/],
    ['rpm', [{ name: 'var/lib/rpm/rpmdb.sqlite', content: endlessDatabase() }], /Packages is not the expected table/],
  ] as const) {
    await push(tag, layer);
    assert.equal(await scan(tag), 'FAILED', tag);
    assert.match(String((await ask('GetRepoTagScanSummary', { Tag: tag })).body.Message), words);
  }
  await push('good', [OS, DPKG]);
  assert.equal(await scan('good'), 'COMPLETE');
});

test('stores an SBOM of each image beside it, without any advisories, and its scan finds no vulnerabilities', async (context) => {
  const { gateway, place, push, ask, jobs, referrers } = await setUp(context);
  const { digest } = await push('v1', [OS, DPKG]);
  const image = { ...place, Tag: 'v1', ScanType: 'SBOM' };
  await owner(gateway, 'CreateRepoTagScanTask', image);
  jobs.wake();
  while ((await owner(gateway, 'GetRepoTagScanStatus', image)).Status !== 'COMPLETE')
    await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(referrers, [`application/vnd.cyclonedx+json of ${digest}`, `application/spdx+json of ${digest}`]);
  assert.equal((await ask('GetRepoTagScanSummary', { Tag: 'v1' })).body.Code, 'SCAN_TASK_NOT_EXIST');
});

test('a scanner that fails once is tried again, needs no advisories, and answers for further tags of the image', async (context) => {
  const statuses: unknown[] = [];
  let attempts = 0;
  const scanner = {
    name: 'adapter',
    scan: async () => {
      attempts += 1;
      statuses.push((await setup.ask('GetRepoTagScanStatus', { Tag: 'v1' })).body.Status);
      if (attempts === 1) throw new JobFailed({ code: 'SCANNER', message: 'it answered 500' }, { mayPass: true });
      return { database: { version: 'Trivy', dataMs: undefined }, findings: [], unchecked: [] };
    },
  };
  const setup = await setUp(context, {}, scanner);
  await setup.push('v1', [OS, DPKG]);
  await setup.push('v2', [OS, DPKG]);
  for (const tag of ['v1', 'v2']) assert.equal(await setup.scan(tag), 'COMPLETE');
  assert.deepEqual(statuses, ['SCANNING', 'RETRYING']);
  assert.deepEqual(setup.faults, []);
});

test('names the first mistake in a question about scans', async (context) => {
  const { push, importSet, ask } = await setUp(context);
  await importSet('debian', [OPENSSL]);
  await push('v1', [OS, DPKG]);
  const none = '00000000-0000-4000-8000-000000000000';
  for (const [action, params, status, code] of [
    ['CreateRepoTagScanTask', { Tag: 'v1', ScanService: 'SAS_SCAN_SERVICE' }, 400, 'InvalidParameter'],
    ['CreateRepoTagScanTask', { Tag: 'v1', ScanType: 'cve' }, 400, 'InvalidParameter'],
    ['CreateRepoTagScanTask', { Tag: 'none' }, 404, 'TAG_NOT_EXIST'],
    ['CreateRepoTagScanTask', { Tag: 'v1', Digest: 'x' }, 400, 'InvalidParameter'],
    ['CreateRepoTagScanTask', { Tag: 'v1', Digest: '0'.repeat(64) }, 404, 'IMAGE_NOT_EXIST'],
    ['GetRepoTagScanStatus', { Tag: 'v1' }, 404, 'SCAN_TASK_NOT_EXIST'],
    ['GetRepoTagScanStatus', { ScanTaskId: none }, 404, 'SCAN_TASK_NOT_EXIST'],
    ['GetRepoTagScanStatus', { RepoId: '', Tag: 'v1' }, 400, 'MissingParameter'],
    ['GetRepoTagScanStatus', {}, 400, 'MissingParameter'],
    ['ListRepoTagScanResult', { Tag: 'v1', Severity: 'Critical' }, 400, 'InvalidParameter'],
    ['ListScanBaselineByTask', { Tag: 'v1' }, 400, 'UnsupportedOperation'],
    ['ListScanMaliciousFileByTask', { Tag: 'v1' }, 400, 'UnsupportedOperation'],
  ] as const) {
    const { status: got, body } = await ask(action, params);
    assert.deepEqual([got, body.Code], [status, code], `${action} ${JSON.stringify(params)}`);
  }
});

/** A database with a table that is endlessly made of itself. */
function endlessDatabase(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-scan-'));
  const db = new DatabaseSync(join(folder, 'db'));
  db.exec(
    "CREATE VIEW Packages AS WITH RECURSIVE n(hnum) AS (SELECT 1 UNION ALL SELECT hnum + 1 FROM n) SELECT hnum, 'x' AS blob FROM n",
  );
  db.close();
  const bytes = readFileSync(join(folder, 'db'));
  rmSync(folder, { recursive: true });
  return bytes;
}
