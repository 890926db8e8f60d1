import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseImage, parseRepository, parseTagged } from './image-reference.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;

test('reads an image name copied from elsewhere, with host, tag and digest', () => {
  const plain = { namespace: 'team', name: 'app', tag: undefined, digest: undefined };
  assert.deepEqual(parseImage('team/app'), plain);
  assert.deepEqual(parseImage('localhost:8720/team/app:v1'), { ...plain, tag: 'v1' });
  assert.deepEqual(parseImage(`host/team/app@${DIGEST}`), { ...plain, digest: DIGEST });
  assert.deepEqual(parseImage(`team/app:v1@${DIGEST}`), { ...plain, tag: 'v1', digest: DIGEST });
  for (const wrong of [
    '',
    'app',
    'app:v1',
    'a/b/c/d',
    'team/app:',
    'team/app:.x',
    'team/app@sha256:1',
    'https://h/team/app',
  ])
    assert.throws(() => parseImage(wrong), /is not an image; write NAMESPACE\/NAME:TAG/);
  for (const wrong of ['team/app', `team/app:v1@${DIGEST}`]) assert.throws(() => parseTagged(wrong), /names no tag/);
});

test('asks for a repository where one is meant, not for an image', () => {
  assert.deepEqual(parseRepository('localhost:8720/team/app'), { namespace: 'team', name: 'app' });
  assert.throws(() => parseRepository('team'), /^CliError: "team" is not a repository; write NAMESPACE\/NAME$/);
  for (const image of ['team/app:v1', `team/app@${DIGEST}`])
    assert.throws(() => parseRepository(image), /name the repository alone: team\/app$/);
});
