import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builderWords } from './builder-words.ts';

test('trouble of the builder is the machine’s fault, but not if the Dockerfile only says so', () => {
  const kindOf = (reason: string) => builderWords(reason, '').kind;
  for (const reason of [
    'failed to solve: write /store/blob: input/output error',
    'failed to solve: rpc error: code = Unavailable desc = error reading from server: EOF',
    'process "/bin/sh -c true" did not complete successfully: runc did not terminate successfully: exit status 255',
  ])
    assert.equal(kindOf(reason), 'builder-failed', reason);
  for (const reason of [
    'failed to solve: failed to process "${A:?input/output error}": A: input/output error',
    'failed to solve: failed to parse stage name "too many open files": invalid reference format',
    'failed to solve: target stage cannot allocate memory could not be found',
    'failed to solve: no match for "\\"input/output error": not here',
  ])
    assert.equal(kindOf(reason), 'step-not-built', reason);
});

test('a path of an image is told without the place where the builder mounted it', () => {
  const mounted = '/store/docker/buildkit/containerd-overlayfs/cachemounts/buildkit2605/d/f';
  const { words } = builderWords(`failed to solve: cannot replace to directory ${mounted} with file`, 'COPY f /d/');
  assert.equal(words, 'cannot replace to directory /d/f with file');
});

test('a pattern without a match, in a folder that the builder then misses, is told with what to write', () => {
  const said = 'failed to solve: lstat /d/e: no such file or directory';
  const { kind, words } = builderWords(said, 'COPY --chmod=640 d/e/*.sql x* /many/');
  assert.equal(kind, 'step-file-missing');
  assert.equal(
    words,
    'nothing in the source matches the pattern below d/e; if nothing has to, make the folder a pattern too: [d]/e/…',
  );
  assert.match(builderWords(said, 'COPY --from=one /d/e/* /x/').words, /^d\/e does not exist in the stage or image/);
  assert.equal(builderWords(said, 'RUN --mount=type=bind,source=d/e x').kind, 'step-not-built');
});
