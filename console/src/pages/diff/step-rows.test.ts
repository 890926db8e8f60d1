import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepRows } from './step-rows.ts';

const step = (number: number, instruction: string, exitCode = 0) => ({
  Step: number,
  Place: `${number}/4`,
  Instruction: instruction,
  Cached: false,
  ExitCode: exitCode,
  FirstLine: number,
});

test('a changed step is one row; a step that a failed build did not reach says so', () => {
  const pairs = [
    { Build: step(2, 'COPY a /'), With: step(2, 'COPY a /') },
    { Build: step(3, 'RUN x', 7) },
    { With: step(3, 'RUN y') },
    { With: step(4, 'RUN z') },
  ];
  assert.deepEqual(
    stepRows(pairs, 'FAILED').map(({ build, other, change }) => [build?.Instruction, other?.Instruction, change]),
    [
      ['COPY a /', 'COPY a /', 'same'],
      ['RUN x', 'RUN y', 'changed, exit code 7, was 0'],
      [undefined, 'RUN z', 'did not run'],
    ],
  );
  assert.equal(stepRows(pairs, 'SUCCESS').at(-1)?.change, 'not in this build');
});
