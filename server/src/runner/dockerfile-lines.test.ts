import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planDockerfile } from './dockerfile.ts';
import { dockerfileLines } from './dockerfile-lines.ts';
import type { AnnouncedStep } from './step-tracker.ts';

const DOCKERFILE = `ARG BASE=busybox
# the tools
FROM $BASE AS tools
RUN echo one \\
    two \\
    # a comment inside
    three

FROM scratch
COPY --from=tools /bin /bin
RUN <<END
set -e
make
END
`;

async function linesOf(path: string, text: string, step: Pick<AnnouncedStep, 'stage' | 'number' | 'instruction'>) {
  const { stages } = await planDockerfile({ path, text }, [], 'linux/amd64');
  return dockerfileLines({ path, text }, stages, step);
}

test('a step is found by its stage and its place in it, with all its lines', async () => {
  const lines = (stage: number, number: number, instruction: string) =>
    linesOf('sub/Dockerfile', DOCKERFILE, { stage, number, instruction });
  assert.deepEqual(await lines(1, 2, 'RUN echo one     two     three'), {
    path: 'sub/Dockerfile',
    firstLine: 4,
    lastLine: 7,
    lines: ['RUN echo one \\', '    two \\', '    # a comment inside', '    three'],
  });
  assert.equal((await lines(1, 1, 'FROM busybox AS tools'))?.firstLine, 3);
  assert.deepEqual((await lines(2, 2, 'COPY --from=tools /bin /bin'))?.lines, ['COPY --from=tools /bin /bin']);
  assert.deepEqual((await lines(2, 3, 'RUN <<END'))?.lines, ['RUN <<END', 'set -e', 'make', 'END']);
});

test('a step that stands in no Dockerfile has no lines, rather than those of another', async () => {
  const step = { stage: 1, number: 2, instruction: 'COPY . /app' };
  assert.equal(await linesOf('Dockerfile', DOCKERFILE, step), undefined);
  assert.equal(await linesOf('Dockerfile', DOCKERFILE, { ...step, number: 3 }), undefined);
  assert.equal(await linesOf('Dockerfile', DOCKERFILE, { ...step, stage: 3 }), undefined);
});

test('of an instruction without end, the first lines are kept, and each is cut', async () => {
  const text = `FROM scratch\nRUN ${'x'.repeat(1000)}${' \\\n  y'.repeat(100)}\n`;
  const found = await linesOf('Dockerfile', text, { stage: 1, number: 2, instruction: 'RUN x' });
  assert.deepEqual(
    [found?.firstLine, found?.lastLine, found?.lines.length, found?.lines[0]?.length],
    [2, 102, 40, 400],
  );
});
