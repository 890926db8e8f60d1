import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BoxEnd } from '../box/box.ts';
import { suspectStore } from './store-damage.ts';

function trouble(
  words: string,
  { events = ['start', 'build', 'built 1'], isClean = true, hasRun = false, oomKills = 0 } = {},
) {
  const end = { exitCode: 1, signal: null, events, counters: { oomKills, pidsMaxEvents: 0 }, complaints: '' };
  return suspectStore(end as BoxEnd, words, { isClean, hasRun });
}

const failed = (reason: string): string => `{"vertexes":[]}\nERROR: failed to build: failed to solve: ${reason}\n`;

test('blames a store if the builder misses what the store has on record', () => {
  for (const reason of [
    'failed to prepare f9w3 as 2kbw: failed to stat parent: stat /store/docker/x/9/fs: no such file or directory',
    'failed to prepare 4x0h as w9so: parent snapshot 4x0h does not exist: not found',
    'NotFound: failed to resolve source metadata for x: rpc error: code = NotFound desc = blob sha256:98 expected at',
    'failed commit on ref "layer-sha256:26": commit failed: rpc error: code = FailedPrecondition desc = unexpected commit digest sha256:98',
    'process "/bin/sh -c id" did not complete successfully: unable to find user x: read /etc/passwd: input/output error',
  ])
    assert.equal(trouble(failed(reason)), 'sure', reason);
});

test('blames a store if the builder does not start or live with it, or its file system is damaged', () => {
  assert.equal(trouble('', { events: ['failed store mount'] }), 'sure');
  assert.equal(trouble('', { events: ['start', 'no-daemon panic'] }), 'sure');
  assert.equal(trouble('', { events: ['start', 'build', 'daemon-died', 'built 1'] }), 'sure');
  // Its socket is closed before its process is gone.
  const reset = 'read unix @->/run/docker.sock: read: connection reset by peer';
  assert.equal(trouble(`ERROR: error during connect: Head "http://%2Frun%2Fdocker.sock/_ping": ${reset}\n`), 'sure');
  assert.equal(trouble(failed('process "x" did not complete successfully: exit code: 1'), { isClean: false }), 'sure');
});

test('does not blame a store for a source or a limit', () => {
  for (const reason of [
    'process "/bin/sh -c cat failed to prepare" did not complete successfully: exit code: 1',
    'failed to compute cache key: failed to calculate checksum of ref A::B: "/x": not found',
    'dockerfile parse error on line 2: unknown instruction: RUNN',
    'secret a: not found',
    'target stage "none" could not be found',
    'unknown flag: --moutn (did you mean mount?)',
    'unset ssh forward key default',
    'process "/bin/sh -c id" did not complete successfully: unable to find user nobody: no matching entries in passwd file',
    'process "/bin/sh -c id" did not complete successfully: unable to find group x: bufio.Scanner: token too long',
    'process "/bin/sh -c id" did not complete successfully: uids and gids must be in range 0-2147483647',
    'lstat /missing: no such file or directory',
    'lstat /file/x: not a directory',
    'cannot replace to directory /store/docker/buildkit/containerd-overlayfs/cachemounts/buildkit26/d/f with file',
    'too many links',
    'checksum requires HTTP(S) or Git sources',
    'failed to load cache key: Get "http://127.0.0.1:1/x": dial tcp 127.0.0.1:1: connect: connection refused',
    `Syntax error - can't find = in "B}". Must be of the form: name=value`,
  ])
    assert.equal(trouble(failed(reason)), undefined, reason);
  assert.equal(trouble('', { events: ['start', 'build', 'daemon-died'], oomKills: 1 }), undefined);
  assert.equal(trouble(failed('failed to prepare a: x'), { events: ['build', 'disk-full', 'built 1'] }), undefined);
  assert.equal(trouble('', { events: ['build', 'built 0', 'copied'] }), undefined);
});

test('blames a store for the builder’s other errors only when they happen twice', () => {
  assert.equal(trouble(failed('something that nobody has seen before')), 'unclear');
  assert.equal(trouble(failed('lstat /store/docker/x/9/fs: no such file or directory')), 'unclear');
  assert.equal(trouble('', { events: ['start', 'build', 'daemon-died', 'built 1'], hasRun: true }), 'died in a step');
});
