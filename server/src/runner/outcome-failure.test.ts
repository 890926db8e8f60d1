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
  const cases: [outcome: Partial<BuildOutcome>, tail: string, fault: string, message: RegExp][] = [
    [{}, step('while running runtime: exit status 7'), 'source', /^step 3 failed with exit code 7: X$/],
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
      'source',
      /: unreachable; the build was refused 10\.1\.2\.3:80\/tcp/,
    ],
    [{}, 'nothing', 'source', /^the builder ended with exit code 125 at step 3 \(X\)$/],
    [{ reason: 'out-of-memory' }, '', 'source', /its limit is 2048 MiB \(setting build-memory-mebibytes\)$/],
    [{ reason: 'pids-limit' }, '', 'source', /its limit is 512 \(setting build-processes\)$/],
    [{ reason: 'disk-full' }, '', 'source', /its limit is 10240 MiB \(setting build-disk-mebibytes\)$/],
    [{ reason: 'timeout' }, '', 'source', /limit of 60 seconds \(setting build-timeout-seconds\), .* at step 3 \(X\)$/],
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
    const failure = outcomeFailure({ ...ENDED, ...outcome }, { step: 3, instruction: 'X', tail }, LIMITS);
    assert.match(failure?.message ?? 'none', message);
    assert.equal(failure?.fault, fault, failure?.message);
  }
  assert.equal(outcomeFailure({ ...ENDED, exitCode: 0 }, { step: 3, instruction: 'X', tail: '' }, LIMITS), undefined);
});
