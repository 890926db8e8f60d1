import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkOnBuild } from './on-build.ts';

const check = (repository: string | undefined, ...onBuild: string[]) =>
  checkOnBuild({ name: 'reg.example/x/base:1', repository, onBuild }, 'team/app');

test('ONBUILD of a base from another namespace or registry mounts nothing, however it is written', () => {
  const written = [
    'RUN --mount=type=secret,id=token cat /run/secrets/token',
    'RUN --mount=type=cache,target=/c touch /c/planted',
    'RUN --mount=target=/s ls /s',
    'RUN --network=none --mount=type=tmpfs,target=/t true',
    'run --m\\ount=type=secret,id=token x',
    'RUN --"mount"=type=secret,id=token x',
    'RUN --mo\\\nunt=type=ssh x',
    'RUN --mo`\r\nunt=type=ssh x',
    'RUN --mo\\\n# a comment\nunt=type=secret,id=token x',
    'RUN --mo\\\n\u0085 # a comment\nunt=type=secret,id=token x',
    'ONBUILD RUN --mount=type=secret,id=token x',
  ];
  for (const instruction of written)
    for (const repository of [undefined, 'library/base', 'teams/base', 'tea/base'])
      assert.throws(
        () => check(repository, 'RUN true', instruction),
        /uses --mount, which is allowed only for a base in the namespace team /,
      );
});

test('ONBUILD of a base from the same namespace mounts the source and caches, but no secret', () => {
  check('team/base', 'RUN --mount=type=cache,target=/c true', 'RUN --mount=target=/s true', 'COPY . /app');
  const secret = [
    'type=secret,id=a',
    'type=ssh',
    'type="sec"ret',
    'type=$KIND',
    'type=${KIND},id=a',
    'type=se\\cret',
    'type=sec\\\n#\nret',
  ];
  for (const options of secret)
    assert.throws(
      () => check('team/base', `RUN --mount=${options} x`),
      /may mount a secret, which ONBUILD is not allowed to/,
    );
});

test('ONBUILD without mounts is unchanged, wherever the base is from', () => {
  check(undefined, 'COPY package.json /app/', 'RUN npm install', 'ADD . /app', 'ENV A=b');
});
