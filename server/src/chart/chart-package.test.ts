import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ApiError } from '#rpc/errors/api-error.ts';
import { type MemberUnderTest, tarOf } from '#tar/testing/tar.ts';
import { readChartPackage } from './chart-package.ts';

const YAML = 'apiVersion: v2\nname: web\nversion: 1.2.3\n';
const CHART: MemberUnderTest = { name: 'web/Chart.yaml', content: YAML };
const packed = (...members: MemberUnderTest[]) => gzipSync(tarOf(members));
const withYaml = (yaml: string) => packed({ name: 'web/Chart.yaml', content: yaml });

test('reads a chart from its Chart.yaml, with Helm’s types and without fields that Helm does not know', async () => {
  const yaml = `${YAML}appVersion: 1.10\ndeprecated: true\nextra: 1\nmaintainers:\n- {name: "A\u2028B", more: 1}\nannotations:\n  note: "é \u0085"\n`;
  const archive = packed(
    { name: './web/', type: '5' },
    { name: './web/Chart.yaml', content: yaml },
    { name: 'web/a/b', content: 'x' },
  );
  const { name, version, json } = await readChartPackage(archive);
  assert.deepEqual([name, version], ['web', '1.2.3']);
  assert.deepEqual(JSON.parse(json), {
    apiVersion: 'v2',
    name: 'web',
    version: '1.2.3',
    appVersion: '1.1',
    deprecated: true,
    maintainers: [{ name: 'A\u2028B' }],
    annotations: { note: 'é \u0085' },
  });
  // Characters that YAML treats as a line end are escaped.
  assert.doesNotMatch(json, /[\u0085\u2028]/);
});

test('ignores a Chart.yaml further down, which belongs to a chart inside the chart', async () => {
  const archive = packed(CHART, { name: 'web/charts/db/Chart.yaml', content: 'name: db' });
  assert.equal((await readChartPackage(archive)).name, 'web');
});

test('refuses, with the reason, an archive that leaves its folder, is not a chart or would cost too much', async () => {
  const many = Array.from({ length: 10_001 }, (_, i) => ({ name: `web/${i}` }));
  const aliases = `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, i) => `${String.fromCharCode(98 + i)}: &${String.fromCharCode(98 + i)} [${`*${String.fromCharCode(97 + i)},`.repeat(9)}]`).join('\n')}\n`;
  const cases: [archive: Buffer, reason: RegExp][] = [
    [Buffer.from('no archive'), /not compressed with gzip/],
    [gzipSync('no archive'), /not a tar archive|ends within a header/],
    [packed(CHART).subarray(0, 60), /not compressed with gzip, or damaged/],
    [packed({ name: '../web/Chart.yaml', content: YAML }), /"\.\.\/web\/Chart\.yaml" leads out of its folder/],
    [packed(CHART, { name: 'web/a/../../../b' }), /leads out of its folder/],
    [packed(CHART, { name: '/etc/passwd' }), /"\/etc\/passwd" is absolute/],
    [packed(CHART, { name: 'C:\\windows' }), /is absolute/],
    [packed(CHART, { name: 'web\\..\\..\\a' }), /not a plain path/],
    [packed(CHART, { name: 'records', records: { path: '../x' } }), /"\.\.\/x" leads out/],
    [packed(CHART, CHART), /two Chart\.yaml/],
    [packed(CHART, { name: 'db/Chart.yaml', content: YAML }), /"db\/Chart\.yaml" is not in the folder "web"/],
    [packed({ name: 'Chart.yaml', content: YAML }), /beside the folder of the chart/],
    [packed({ name: 'web/values.yaml' }), /no Chart\.yaml/],
    [packed(CHART, { name: 'web/a', type: '2', linkName: '/etc' }), /"web\/a" is neither a file nor a folder/],
    [packed(CHART, { name: 'web/a', type: '1', linkName: 'web/Chart.yaml' }), /neither a file nor a folder/],
    [packed(CHART, ...many), /more than 10000 files/],
    [packed(CHART, { name: 'web/a', content: Buffer.alloc(5 * 2 ** 20 + 1) }), /"web\/a" has more than 5242880 bytes/],
    [gzipSync(Buffer.concat([tarOf([CHART]), Buffer.alloc(101 * 2 ** 20)])), /unpacks to more than 104857600 bytes/],
    [withYaml(`${YAML}description: ${'x'.repeat(128 * 1024)}`), /Chart\.yaml has more than 131072 bytes/],
    [withYaml(`${YAML}${aliases}`), /Chart\.yaml cannot be read: Excessive alias count/],
    [withYaml(`${YAML}sources: ${'['.repeat(15_000)}`), /Chart\.yaml/],
    [withYaml(`${YAML}keywords: ${'['.repeat(60_000)}`), /Chart\.yaml/],
    [withYaml('a: [b'), /Chart\.yaml is not YAML/],
    [withYaml('- a'), /Chart\.yaml is not a list of names and values/],
    [withYaml(`${YAML}keywords: {a: b}`), /keywords in its Chart\.yaml is not a list/],
    [withYaml('apiVersion: v3\nname: web\nversion: 1.2.3'), /neither v1 nor v2/],
    [withYaml('apiVersion: v2\nversion: 1.2.3'), /the name in its Chart\.yaml/],
    [withYaml('apiVersion: v2\nname: ../web\nversion: 1.2.3'), /the name in its Chart\.yaml/],
    ...['1.2', '01.2.3', '1.2.3-01', '1.2.3-a..b', '1.2.3/..', `1.2.3-${'a'.repeat(128)}`].map(
      (version): [Buffer, RegExp] => [
        withYaml(`apiVersion: v2\nname: web\nversion: "${version}"`),
        /not a semantic version/,
      ],
    ),
  ];
  for (const [archive, reason] of cases) {
    const told = await readChartPackage(archive).then(
      () => 'accepted',
      (error: unknown) => (error instanceof ApiError ? error.message : String(error)),
    );
    assert.match(told, reason);
    assert.match(told, /^The archive is not a chart that Helm can use: .*[^.]\.$/s);
  }
});
