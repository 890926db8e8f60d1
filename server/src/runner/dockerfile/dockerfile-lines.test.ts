import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blamedLines, lineOfInstruction } from './dockerfile-lines.ts';

const TEXT = 'FROM busybox\nRUN <<END\nset -e\nmake\nEND\nRUN echo "   9 | >>> no"\n';
const DOCKERFILE = { path: 'sub/Dockerfile', text: TEXT };

test('the lines at fault are those that the builder marks in its excerpt', () => {
  const words =
    'Dockerfile:2\n----\n   1 |     FROM busybox\n   2 | >>> RUN <<END\n   3 | >>> set -e\n   4 | >>> make\n   5 | >>> END\n   6 |     RUN x\n----\nERROR: it\n';
  assert.deepEqual(blamedLines(DOCKERFILE, words), {
    path: 'sub/Dockerfile',
    firstLine: 2,
    lastLine: 5,
    lines: ['RUN <<END', 'set -e', 'make', 'END'],
  });
});

test('if it marks no line there are none, whatever it shows of the Dockerfile', () => {
  assert.equal(blamedLines(DOCKERFILE, 'ERROR: failed to build\n   6 |     RUN echo "   9 | >>> no"\n'), undefined);
});

test('a stopped step is found by its instruction, if exactly one line matches', () => {
  const stopped = { path: 'D', text: 'FROM a\r\nRUN make\r\nRUN x\nRUN x\n' };
  assert.deepEqual(lineOfInstruction(stopped, 'RUN make'), {
    path: 'D',
    firstLine: 2,
    lastLine: 2,
    lines: ['RUN make'],
  });
  for (const instruction of ['RUN x', 'RUN', '']) assert.equal(lineOfInstruction(stopped, instruction), undefined);
});

test('for a very long instruction, the first lines are kept, and each is truncated', () => {
  const long = { path: 'D', text: `FROM scratch\nRUN ${'x'.repeat(1000)}${' \\\n  y'.repeat(100)}\n` };
  const words = Array.from({ length: 101 }, (_, at) => `${String(at + 2).padStart(4)} | >>> x\n`).join('');
  const found = blamedLines(long, words);
  assert.deepEqual(
    [found?.firstLine, found?.lastLine, found?.lines.length, found?.lines[0]?.length],
    [2, 102, 40, 400],
  );
});
