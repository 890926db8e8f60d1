import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRequest, RefusedRequest } from './request.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const build = {
  op: 'runBuild',
  buildId: '0b1c2d3e-0000-4000-8000-0123456789ab',
  repositoryId: 'crr-1',
  copyOf: 'crr-0',
  dockerfile: 'docker/Dockerfile',
  buildArgs: { A: '1', B_2: "'; rm -rf /" },
  bases: [{ name: 'busybox', scope: 'world-1', digest }],
  archive: 'ab'.repeat(32),
  cache: true,
  limits: { memoryBytes: 2 ** 30, cpus: 0.5, pids: 100, diskBytes: 2 ** 30, timeoutMs: 1000 },
  egress: 'none',
  stepMark: '0123456789abcdef'.repeat(2),
};
const load = { op: 'loadBase', buildId: build.buildId, scope: 'own', digest };

function refusalOf(request: unknown): RefusedRequest {
  try {
    parseRequest(JSON.stringify(request));
  } catch (error) {
    assert.ok(error instanceof RefusedRequest, `${error}`);
    return error;
  }
  assert.fail(`accepted ${JSON.stringify(request)}`);
}

test('reads a complete build request and leaves its values unchanged', () => {
  const parsed = JSON.parse(JSON.stringify(parseRequest(JSON.stringify(build))));
  assert.deepEqual(parsed, build);
});

test('keeps only the fields that it knows', () => {
  const parsed = parseRequest(
    JSON.stringify({ ...build, rootfs: '/', bases: [{ name: 'b', scope: 'a', digest, path: '/etc' }] }),
  );
  assert.ok(!('rootfs' in parsed));
  assert.deepEqual(parsed.op === 'runBuild' && parsed.bases, [{ name: 'b', scope: 'a', digest }]);
});

test('refuses each field that is not an id, a value in its range or a path inside the source', () => {
  const cases: [string, unknown[]][] = [
    [
      'buildId',
      ['', '..', '../../etc', build.buildId.toUpperCase(), `${build.buildId}/`, `${build.buildId}\n`, 7, null],
    ],
    ['repositoryId', ['', '.', '..', 'a/b', 'A', '-a', 'a\n', 'ä', 'a'.repeat(200)]],
    ['copyOf', ['', '..', 'a/b', 'A', 7, null]],
    [
      'dockerfile',
      ['', '/etc/passwd', '../x', 'a/../x', './x', 'a//b', 'a/', 'a\\b', 'a\nb', 'a\0b', 3, 'x'.repeat(2000)],
    ],
    ['buildArgs', [null, [], { '': 'x' }, { '-f': 'x' }, { 'A=B': 'x' }, { A: 1 }, { A: 'x\0y' }]],
    [
      'bases',
      [
        null,
        [{ scope: 'a', digest }],
        [{ name: '-f', scope: 'a', digest }],
        [{ name: 'b', scope: '..', digest }],
        [{ name: 'b', scope: 'a', digest: 'sha256:12' }],
        [{ name: 'b', scope: 'a', digest: `${digest}/..` }],
      ],
    ],
    ['archive', ['', 'ab', digest, `${'ab'.repeat(32)}\n`, 'AB'.repeat(32), 1, null]],
    ['contexts', [[{ name: 'a', folder: 'named-0', archive: '..' }]]],
    ['cache', ['true', 1, undefined]],
    ['egress', ['', 'World', 'world\n', 1]],
    ['target', ['', '-x', 'a b', '../x']],
    ['platforms', [['windows/amd64'], ['linux/arm64/v8'], [1], 'linux/arm64', [['linux/arm64']]]],
    ['stepPlatforms', [['linux/x'], {}]],
  ];
  for (const [field, values] of cases) for (const value of values) refusalOf({ ...build, [field]: value });
  const refusedLimits = {
    memoryBytes: [0, -1, 1.5, '1', 2 ** 60],
    cpus: [0, -1, null],
    pids: [1, 2 ** 30],
    timeoutMs: [0, 2 ** 40],
  };
  for (const [field, values] of Object.entries(refusedLimits)) {
    for (const value of values) refusalOf({ ...build, limits: { ...build.limits, [field]: value } });
  }
});

test('accepts image names, but no options in their place', () => {
  assert.equal(parseRequest(JSON.stringify(load)).op, 'loadBase');
  for (const name of ['', '--all', '-a', 'a b', '/a', 'dir:/etc;x', 'a=b', 'a\n'])
    refusalOf({ ...build, bases: [{ name, scope: 'a', digest }] });
});

test('names the field and its value in a refusal, cut to a readable length', () => {
  const { message, code } = refusalOf({ ...build, repositoryId: `../${'x'.repeat(5000)}` });
  assert.equal(code, 'bad-request');
  assert.match(message, /^repositoryId is not acceptable: "\.\.\/x+/);
  assert.ok(message.length < 300);
  assert.doesNotMatch(refusalOf({ ...build, buildArgs: { TOKEN: 'hidden\0value' } }).message, /hidden/);
});

test('refuses everything that is not a request', () => {
  for (const request of [null, 1, [], {}, { op: 'exec' }, { op: '__proto__' }]) refusalOf(request);
  assert.throws(() => parseRequest('{'), RefusedRequest);
});
