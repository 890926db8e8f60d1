import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildOutcome } from '#sandbox/sandbox.ts';
import { outcomeFailure } from './outcome-failure.ts';

const LIMITS = { memoryBytes: 2 ** 31, pids: 512, timeoutMs: 60_000, diskBytes: 10 * 2 ** 30 };
const ENDED: BuildOutcome = {
  ...{ exitCode: 125, phase: 'build', reason: 'exited', oomKills: 0, pidsMaxEvents: 0, cacheUsed: true, refused: [] },
};
const REFUSED = [{ address: '10.1.2.3', protocol: 'tcp', port: 80, of: 'private' }] as const;

test('whatever ends a build, the first sentence says what to mend: the step, what is missing, the limit and its setting', () => {
  const at = 'STEP 3/3: X\n';
  const step = (words: string) => `${at}Error: building at STEP "X": ${words}\n`;
  const dump = ' &imagebuilder.Step{Env:[]string{"PATH=/bin"}, Command:"rnu"}';
  const ranStep = step('while running runtime: exit status 125');
  const cases: [outcome: Partial<BuildOutcome>, tail: string, fault: string, message: RegExp][] = [
    [{}, ranStep, 'source', /^step 3 failed with exit code 125: X$/],
    [{ refused: [...REFUSED] }, ranStep, 'settings', /exit code 125: X; the build was refused 10\.1\.2\.3:80\/tcp/],
    [
      {},
      step('checking on sources under "/in/context": copier: stat: "/a/b.txt": no such file or directory'),
      'source',
      /^step 3 \(X\) cannot be built: there is no a\/b\.txt in the source, or \.dockerignore leaves it out$/,
    ],
    [
      {},
      step('checking on sources under "/store/overlay/1/merged": copier: stat: "/b": no such file or directory'),
      'source',
      /: there is no b in the stage or image that it is copied from$/,
    ],
    [{}, step(`Build error: Unknown instruction: "RNU"${dump}`), 'source', /: RNU is no instruction of a Dockerfile/],
    [{}, step('looking up group: x in /in/context/y'), 'source', /: looking up group: x in the source\/y$/],
    [{}, `Error: ${'x'.repeat(1000)}\n`, 'source', /^step 3 \(X\) cannot be built: x{300}…$/],
    [
      { refused: [...REFUSED] },
      step('unreachable'),
      'settings',
      /: unreachable; the build was refused 10\.1\.2\.3:80\/tcp/,
    ],
    [
      {},
      `error running container: from crun creating container for [/a ]: b]: executable file not found\n${ranStep}`,
      'source',
      /^step 3 \(X\) cannot be built: its program cannot be started: executable file not found$/,
    ],
    [
      {},
      `${at}panic: index out of range [0]\n\ngoroutine 1 [running]:\nmain.main()\n`,
      'machine',
      /^step 3 \(X\) was not built: the builder itself failed on it \(panic: index out of range \[0\]\)$/,
    ],
    [
      {},
      'Error: checking if cached image exists from a previous build: getting top layer info: layer not known\n',
      'machine',
      /^step 3 \(X\) was not built: checking if cached image exists .*: layer not known$/,
    ],
    [{}, step('committing container for step: write /store/x: input/output error'), 'machine', /input\/output error$/],
    [{ phase: 'export' }, '', 'machine', /^the finished image could not be written: exit code 125$/],
    [{}, 'nothing', 'machine', /^the builder ended with exit code 125 at step 3 \(X\)$/],
    [{ reason: 'out-of-memory' }, '', 'settings', /its limit is 2048 MiB \(setting build-memory-mebibytes\)$/],
    [{ reason: 'pids-limit' }, '', 'settings', /its limit is 512 \(setting build-processes\)$/],
    [{ reason: 'disk-full' }, '', 'settings', /its limit is 10240 MiB \(setting build-disk-mebibytes\)$/],
    [
      { reason: 'timeout' },
      '',
      'settings',
      /limit of 60 seconds \(setting build-timeout-seconds\), .* at step 3 \(X\)$/,
    ],
    [
      { reason: 'disk-full', detail: 'the disk is full' },
      '',
      'machine',
      /^the build was stopped at step 3 \(X\): the disk/,
    ],
    [{ reason: 'builder-died', detail: 'signal 9' }, '', 'machine', /^the builder died at step 3 \(X\) \(signal 9\)$/],
    [{ reason: 'network-died' }, '', 'machine', /^the network of the sandbox died at step 3 \(X\)$/],
    [{ reason: 'cancelled' }, '', 'cancelled', /^the build was cancelled$/],
  ];
  for (const [outcome, tail, fault, message] of cases) {
    const output = { step: 3, instruction: 'X', hasRun: tail === ranStep, tail };
    const failure = outcomeFailure({ ...ENDED, ...outcome }, output, LIMITS);
    assert.match(failure?.message ?? 'none', message);
    assert.equal(failure?.fault, fault, failure?.message);
  }
  const output = { step: 3, instruction: 'X', hasRun: true, tail: '' };
  assert.equal(outcomeFailure({ ...ENDED, exitCode: 0 }, output, LIMITS), undefined);
});

test('the step and its exit code are those of the builder’s events, whatever the instruction says', () => {
  const instruction = 'RUN echo "Error: building at STEP "RUN make": while running runtime: exit status 2"; exit 7';
  const tail = `STEP 3/3: ${instruction}\nError: building at STEP "${instruction}": while running runtime: exit status 7\n`;
  const failed = outcomeFailure({ ...ENDED, exitCode: 7 }, { step: 3, instruction, hasRun: true, tail }, LIMITS);
  assert.deepEqual([failed?.exitCode, failed?.message], [7, `step 3 failed with exit code 7: ${instruction}`]);
  const copied = `Error: building at STEP "${instruction}": no such file: exit status 9\n`;
  const other = outcomeFailure(
    { ...ENDED, exitCode: 1 },
    { step: 3, instruction, hasRun: false, tail: copied },
    LIMITS,
  );
  assert.deepEqual(
    [other?.exitCode, other?.message],
    [undefined, `step 3 (${instruction}) cannot be built: no such file: exit status 9`],
  );
});

test('last words made to be slow take no longer than their length', () => {
  // Cubic, or even quadratic, these would take minutes.
  const hostile = [
    'building at STEP "'.repeat(1000),
    `${'building at STEP "":exit status '.repeat(500)}x`,
    'checking on sources under "": "'.repeat(600),
    'Error: '.repeat(2500),
    `Error: ${'"'.repeat(16_000)}`,
    'Build error: Unknown instruction: "'.repeat(500),
  ];
  for (const text of hostile)
    for (const tail of [`Error: ${text}`, `${text}\n`.repeat(16)])
      for (let times = 0; times < 20; times++) {
        const output = { step: 3, instruction: text, hasRun: true, tail };
        assert.ok((outcomeFailure(ENDED, output, LIMITS)?.message.length ?? 0) < 1000);
      }
});
