import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../support/slipway.ts';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const { version } = JSON.parse(read('package.json')) as { version: string };

test('the Dockerfile installs the packages that the launcher asks for', () => {
  const [, server = '', builds = ''] =
    /server_programs='\n(.*?)'.*build_programs='\n(.*?)'/s.exec(read('launcher/packages.sh')) ?? [];
  const asked = [...`${server}${builds}`.matchAll(/^\S+ +(\S+)/gm)].map(([, name]) => name);
  assert.ok(asked.length > 10);
  const command = /apt-get install -y --no-install-recommends \\\n(.*?)&&/s.exec(read('Dockerfile'))?.[1] ?? '';
  const installed = command.replaceAll('\\', '').split(/\s+/).filter(Boolean);
  assert.deepEqual(installed, [...new Set([...asked, 'ca-certificates', 'debian-archive-keyring'])].sort());
});

test('compose files and docs name the images of this version, and settings that exist', () => {
  const settings = read('docs/settings.md');
  for (const [file, name, privileged] of [
    ['deploy/compose.yaml', 'slipway', true],
    ['deploy/stand-in.yaml', 'stand-in', false],
  ] as const) {
    const text = read(file);
    assert.match(text, new RegExp(`^services:\\n  ${name}:\\n    image: slipway/${name}:${version}\\n`, 'm'));
    assert.equal(text.includes('privileged: true'), privileged);
    for (const [variable] of text.matchAll(/SLIPWAY_\w+/g)) assert.ok(settings.includes(`\`${variable}\``), variable);
  }
  const named = [...read('docs/container.md').matchAll(/slipway\/(?:slipway|stand-in):([\d.]+)/g)];
  assert.ok(named.length > 3);
  for (const [, found] of named) assert.equal(found, version);
});
