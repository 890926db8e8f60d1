import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pullWays } from './pull-commands.ts';

const IMAGE = { host: 'build.example', repository: 'team/app', tag: 'v1', isPublic: false, isPlainHttp: false };

test('each tool has its pull command, after the login that it needs', () => {
  const ways = new Map(pullWays(IMAGE).map((way) => [way.name, way]));
  assert.deepEqual([...ways.keys()], ['docker', 'podman', 'skopeo', 'crane', 'Kubernetes']);
  assert.equal(
    ways.get('docker')?.login,
    'slipway login --print-password | docker login --username cr_temp_user --password-stdin build.example',
  );
  assert.equal(ways.get('podman')?.pull, 'podman pull build.example/team/app:v1');
  assert.equal(ways.get('skopeo')?.pull, 'skopeo copy docker://build.example/team/app:v1 docker-archive:v1.tar');
  assert.match(
    ways.get('Kubernetes')?.login ?? '',
    /create secret docker-registry slipway --docker-server build\.example/,
  );
  assert.match(ways.get('Kubernetes')?.pull ?? '', /imagePullSecrets/);
});

test('a public repository needs no login, and plain HTTP a flag for the tools that refuse it', () => {
  for (const { login, pull } of pullWays({ ...IMAGE, isPublic: true })) {
    assert.equal(login, undefined);
    assert.doesNotMatch(pull, /imagePullSecrets/);
  }
  const plain = pullWays({ ...IMAGE, host: '127.0.0.1:8720', isPlainHttp: true }).map(({ pull }) => pull);
  assert.equal(plain[1], 'podman pull --tls-verify=false 127.0.0.1:8720/team/app:v1');
  assert.equal(plain[3], 'crane pull 127.0.0.1:8720/team/app:v1 v1.tar');
});

test('the name of the container is one that Kubernetes takes', () => {
  for (const [repository, name] of [
    ['team/my_app.web', 'my-app-web'],
    ['team/app', 'app'],
    [`team/${'a'.repeat(62)}_b`, 'a'.repeat(62)],
  ] as const) {
    const { pull } = pullWays({ ...IMAGE, repository }).at(-1) ?? { pull: '' };
    assert.ok(pull.includes(`- name: ${name}\n`), pull);
    assert.ok(pull.includes(`image: build.example/${repository}:v1`), 'the image keeps its name');
  }
});
