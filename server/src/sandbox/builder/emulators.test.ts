import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOST_PLATFORM } from '#platform/platform.ts';
import { decideEmulation, emulatorFormats } from './emulators.ts';

const foreign = HOST_PLATFORM === 'linux/arm64' ? 'linux/s390x' : 'linux/arm64';
const machine = foreign === 'linux/s390x' ? '0016' : 'b700';
const order = foreign === 'linux/s390x' ? '02' : '01';
const type = foreign === 'linux/s390x' ? '0002' : '0200';
const format = (flags: string, state = 'enabled') =>
  `${state}\ninterpreter /usr/bin/qemu\nflags: ${flags}\noffset 0\nmagic 7f454c4602${order}01000000000000000000${type}${machine}\nmask ff\n`;

test('registers emulators in the box from Linux 6.7 on, and uses those of the host before that', () => {
  const facts = { kernel: '6.7.0', hasOwn: true, hostFormats: [] };
  assert.deepEqual(decideEmulation([foreign], facts), { by: 'own' });
  assert.deepEqual(decideEmulation([foreign], { ...facts, hasOwn: false }), { by: 'own' });
  assert.deepEqual(decideEmulation([foreign], { ...facts, kernel: '10.0.1-x', hasOwn: false }), { by: 'own' });
  const registered = { ...facts, hasOwn: false, hostFormats: [format('POCF')] };
  assert.deepEqual(decideEmulation([foreign], registered), { by: 'host' }, 'nothing is fetched that is there');
  for (const hasOwn of [true, false]) {
    const old = { kernel: '6.1.0-18-amd64', hasOwn, hostFormats: [format('POCF')] };
    assert.deepEqual(decideEmulation([foreign], old), { by: 'host' });
    assert.ok('refusal' in decideEmulation([foreign, 'linux/riscv64'], old));
  }
});

test('names what a machine lacks to run a platform’s steps', () => {
  const old = { kernel: '6.1.0-18-amd64', hasOwn: true };
  for (const hostFormats of [[], [format('POC')], [format('F', 'disabled')], ['enabled\nextension .x\n']]) {
    const emulation = decideEmulation([foreign], { ...old, hostFormats });
    assert.ok('refusal' in emulation);
    assert.match(
      emulation.refusal,
      new RegExp(`^steps for ${foreign} need .* Linux 6\\.7 or later, and this is 6\\.1\\.0`),
    );
  }
});

test('registers no emulator for this machine’s own programs', () => {
  const formats = Object.keys(emulatorFormats('/in/emulators'));
  assert.ok(formats.includes('qemu-s390x') && formats.includes('qemu-arm'));
  const own = { x64: 'qemu-x86_64', arm64: 'qemu-aarch64' }[process.arch as 'x64' | 'arm64'];
  assert.ok(!formats.includes(own));
});
