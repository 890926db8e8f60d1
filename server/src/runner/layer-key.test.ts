import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planOrRefusal } from './dockerfile.ts';
import { layerKey } from './layer-key.ts';

const keyOf = (text: string, bases: string[] = [], buildArgs: Record<string, string> = {}) =>
  layerKey({ bases, buildArgs, plan: planOf(text) });

function planOf(text: string) {
  const answer = planOrRefusal({ dockerfile: { path: 'Dockerfile', text }, buildArgs: [], platform: 'linux/amd64' });
  assert.ok('plan' in answer);
  return answer.plan;
}

test('layers are kept for builds of the same bases and arguments; arguments that no ARG declares do not count', () => {
  const text = 'FROM a\nARG V=1\nENV W=$V\n';
  const key = keyOf(text, ['sha256:a', 'sha256:b'], { V: 'x', UNUSED: '1' });
  assert.equal(keyOf(`${text}RUN more\n`, ['sha256:b', 'sha256:a'], { UNUSED: '2', V: 'x' }), key);
  const others = [
    keyOf(text, ['sha256:a'], { V: 'x' }),
    keyOf(text, ['sha256:a', 'sha256:b'], { V: 'y' }),
    keyOf('FROM a\nARG V=2\nENV W=$V\n', ['sha256:a', 'sha256:b'], { V: 'x' }),
  ];
  assert.ok(others.every((other) => other !== key));
});

test('a Dockerfile that mounts files into a RUN finds no layers; one that mounts a cache does', () => {
  const binding = ['--mount=type=bind,source=a,target=/a', '--mount=from=b,target=/b'];
  for (const mount of binding) assert.notEqual(keyOf(`FROM a\nRUN ${mount} x\n`), keyOf(`FROM a\nRUN ${mount} x\n`));
  const caching = 'FROM a\nRUN --mount=type=cache,target=/c --mount=type=secret,id=s x\n';
  assert.equal(keyOf(caching), keyOf(caching));
});
