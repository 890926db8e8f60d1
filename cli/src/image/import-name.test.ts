import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseImageReference } from '../../../server/src/registry/foreign/image-reference.ts';
import { importedRepository } from '../../../server/src/registry/foreign/imported-name.ts';
import { CliError } from '../error/cli-error.ts';
import { parseImportName } from './import-name.ts';

test('reads a name without a host as one of this registry', () => {
  assert.deepEqual(parseImportName('busybox'), { repository: 'library/busybox', tag: 'latest', foreign: undefined });
  assert.deepEqual(parseImportName('team/app:v1'), { repository: 'team/app', tag: 'v1', foreign: undefined });
  assert.equal(parseImportName('slip.example:8720/team/app:v1', 'slip.example:8720').repository, 'team/app');
  for (const name of ['', 'A', 'a:', 'a/b/c', 'a@sha256:x', '../a', 'a b', '-a', 'host:5000/A', 'ghcr.io/', '[::1]/a'])
    assert.throws(() => parseImportName(name), CliError, name);
});

test('puts an image where a build looks for it, under any name of a foreign registry', () => {
  const names = [
    'ghcr.io/org/app:1',
    'quay.io/a',
    'registry.example:5000/a/b/c:x',
    'localhost/a-b/c.d_e',
    'docker.io/busybox',
    'docker.io/library/busybox:1',
    'docker.io/team/app',
    'index.docker.io/team/app',
  ];
  for (const name of names) {
    const { repository, tag } = parseImportName(name);
    const reference = parseImageReference(name);
    assert.equal(repository, importedRepository(reference), name);
    assert.equal(tag, reference.tag);
  }
  assert.equal(new Set(names.map((name) => parseImportName(name).repository)).size, 6);
});

test('refuses a name that has no repository of its own, which no build looks for', () => {
  for (const name of ['ghcr.io/a__b/c', `ghcr.io/${'a'.repeat(60)}`]) {
    assert.throws(() => parseImportName(name), /cannot be imported under its own name: .* NAMESPACE\/NAME:TAG/);
    assert.equal(importedRepository(parseImageReference(name)), undefined);
  }
});
