import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildOutcome } from '#sandbox/client/sandbox.ts';
import { outcomeFailure } from './outcome-failure.ts';

const LIMITS = { memoryBytes: 2 ** 31, pids: 512, timeoutMs: 60_000, diskBytes: 10 * 2 ** 30 };
const ENDED: BuildOutcome = {
  exitCode: 1,
  phase: 'build',
  reason: 'exited',
  oomKills: 0,
  pidsMaxEvents: 0,
  cacheUsed: true,
  refused: [],
};
const REFUSED = [{ address: '10.1.2.3', protocol: 'tcp', port: 80, of: 'private' }] as const;

const STEP = { step: 3, stage: 1, stageCount: 1, number: 2, numberCount: 3, instruction: 'X' };
const ran = (code: number) => `process "/bin/sh -c X" did not complete successfully: exit code: ${code}`;

/** The end of a build whose latest step is the third, the second of its Dockerfile. */
function failureOf(outcome: Partial<BuildOutcome>, error?: string, words = '', instruction = 'X') {
  const newest = { ...STEP, instruction };
  const output = { newest, failed: error === undefined ? undefined : { step: newest, error, isLost: false }, words };
  return outcomeFailure({ ...ENDED, ...outcome }, output, LIMITS);
}

test('the first sentence about any failure says what to fix: the step, what is missing, the limit and its setting', () => {
  const missing = (path: string) => `failed to calculate checksum of ref a::b: "/${path}": not found`;
  const cases: [outcome: Partial<BuildOutcome>, error: string | undefined, fault: string, message: RegExp][] = [
    [{}, ran(125), 'source', /^step 2\/3 failed with exit code 125: X$/],
    [{ refused: [...REFUSED] }, ran(125), 'settings', /exit code 125: X; the build was refused 10\.1\.2\.3:80\/tcp/],
    [
      {},
      missing('a/b.txt'),
      'source',
      /^step 2\/3 \(X\) cannot be built: a\/b\.txt does not exist in the source, or \.dockerignore/,
    ],
    [
      {},
      'secret tok: not found',
      'source',
      /: the secret tok is not set: slipway secret set tok, or slipway build --secret id=tok,src=FILE$/,
    ],
    [
      {},
      'no SSH key "git" forwarded from the client',
      'source',
      /: the SSH key git was not given: slipway build --ssh git=KEYFILE$/,
    ],
    [{}, 'x'.repeat(1000), 'source', /^step 2\/3 \(X\) cannot be built: x{300}…$/],
    [{ refused: [...REFUSED] }, 'unreachable', 'settings', /: unreachable; the build was refused 10\.1\.2\.3:80\/tcp/],
    [{}, 'write /store/x: input/output error', 'machine', /^step 2\/3 \(X\) was not built: .*input\/output error$/],
    [{}, 'copy a: no space left on device', 'settings', /filled its disk at step 2\/3 \(X\): its limit is 10240 MiB/],
    [{}, undefined, 'machine', /^the builder ended with exit code 1 at step 2\/3 \(X\)$/],
    [{ reason: 'out-of-memory' }, ran(137), 'settings', /its limit is 2048 MiB \(setting build-memory-mebibytes\)$/],
    [{ reason: 'pids-limit' }, ran(2), 'settings', /its limit is 512 \(setting build-processes\)$/],
    [{ reason: 'disk-full' }, ran(1), 'settings', /its limit is 10240 MiB \(setting build-disk-mebibytes\)$/],
    [
      { reason: 'timeout' },
      undefined,
      'settings',
      /limit of 60 seconds \(setting build-timeout-seconds\), .* at step 2\/3 \(X\)$/,
    ],
    [
      { reason: 'disk-full', detail: 'the disk is full' },
      undefined,
      'machine',
      /^the build was stopped at step 2\/3 \(X\): the disk is full$/,
    ],
    [
      { reason: 'builder-died', detail: 'signal 9' },
      undefined,
      'machine',
      /^the builder died at step 2\/3 \(X\) \(signal 9\)$/,
    ],
    [
      { exitCode: null, phase: 'setup', reason: 'builder-died', detail: 'packet filter: no nft' },
      undefined,
      'machine',
      /^the sandbox of the build did not start \(packet filter: no nft\); run slipway doctor to see what this machine lacks$/,
    ],
    [{ reason: 'network-died' }, undefined, 'machine', /^the network of the sandbox died at step 2\/3 \(X\)$/],
    [{ reason: 'cancelled' }, undefined, 'cancelled', /^the build was cancelled$/],
  ];
  for (const [outcome, error, fault, message] of cases) {
    const failure = failureOf(outcome, error);
    assert.match(failure?.message ?? 'none', message);
    assert.equal(failure?.fault, fault, failure?.message);
  }
  assert.match(
    failureOf({}, missing('b'), '', 'COPY --from=x /b /')?.message ?? '',
    /b does not exist in the stage or image that it is copied from/,
  );
  assert.equal(failureOf({ exitCode: 0 }), undefined);
});

test('the summary of a failure is its message without the instruction', () => {
  const instruction = 'RUN a: (b); exit 7';
  const cases: [outcome: Partial<BuildOutcome>, error: string | undefined, summary: string][] = [
    [{}, ran(7), 'step 2/3 failed with exit code 7'],
    [
      { refused: [...REFUSED] },
      ran(7),
      'step 2/3 failed with exit code 7; the build was refused 10.1.2.3:80/tcp (setting build-allow-addresses)',
    ],
    [{}, 'unreachable', 'step 2/3 cannot be built: unreachable'],
    [
      { reason: 'pids-limit' },
      ran(7),
      'the build started too many processes at step 2/3: its limit is 512 (setting build-processes)',
    ],
    [{ reason: 'network-died' }, undefined, 'the network of the sandbox died at step 2/3'],
  ];
  for (const [outcome, error, summary] of cases) {
    const failure = failureOf(outcome, error, '', instruction);
    assert.equal(failure?.summary, summary);
    assert.ok(failure?.message.includes(instruction));
  }
});

test('a Dockerfile that the builder cannot parse is reported with its message', () => {
  const words =
    'Dockerfile:2\nERROR: failed to build: failed to solve: dockerfile parse error on line 2: unknown instruction: RNU\n';
  const failure = outcomeFailure(ENDED, { newest: undefined, failed: undefined, words }, LIMITS);
  assert.equal(
    failure?.message,
    'the Dockerfile cannot be built: dockerfile parse error on line 2: unknown instruction: RNU',
  );
});

test('an image that only the builder found in the Dockerfile is reported by name', () => {
  const said =
    'ERROR: failed to build: failed to solve: reg.example/x:1: could not resolve image due to policy: source "docker-image://reg.example/x:1" denied by policy: source denied by policy';
  const failure = failureOf({}, undefined, `${said}\n`);
  assert.match(
    failure?.message ?? '',
    /: the image reg\.example\/x:1 was not fetched, because .*: COPY --from=reg\.example\/x:1 …$/,
  );
});

test('the exit code is the program’s, whatever the instruction says', () => {
  const instruction = 'RUN echo "did not complete successfully: exit code: 2"; exit 7';
  const failed = failureOf(
    {},
    `process "/bin/sh -c ${instruction}" did not complete successfully: exit code: 7`,
    '',
    instruction,
  );
  assert.deepEqual([failed?.exitCode, failed?.message], [7, `step 2/3 failed with exit code 7: ${instruction}`]);
  const other = failureOf({}, 'no such file: x" did not complete successfully: exit code: 9', '', instruction);
  assert.equal(other?.exitCode, undefined);
});

test('a step whose runtime was killed is the machine’s fault, although its exit code looks as if the step had been killed', () => {
  const output = { newest: STEP, failed: { step: STEP, error: ran(137), isLost: true }, words: '' };
  const failure = outcomeFailure(ENDED, output, LIMITS);
  assert.deepEqual(
    [failure?.fault, failure?.message, failure?.exitCode],
    ['machine', 'the builder died at step 2/3 (X) (the runtime of the step was killed)', undefined],
  );
});

test('in a build for several platforms, a step is named with its platform', () => {
  const step = { ...STEP, platform: 'linux/amd64', targetPlatform: 'linux/arm64' };
  const output = { newest: step, failed: { step, error: ran(2), isLost: false }, words: '' };
  assert.equal(
    outcomeFailure(ENDED, output, LIMITS)?.message,
    'step 2/3 failed with exit code 2 on linux/amd64->linux/arm64: X',
  );
  const lost = { ...output, failed: { step: { ...step, targetPlatform: undefined }, error: 'nothing', isLost: false } };
  assert.match(outcomeFailure(ENDED, lost, LIMITS)?.message ?? '', /^step 2\/3 \(X\) on linux\/amd64 cannot be built/);
});
