import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { HOST_PLATFORM, isNative, PLATFORMS, platformParts } from '#platform/platform.ts';
import type { MachinePlatforms } from '../protocol/reply.ts';
import { BUILDER_FOLDER } from './builder-root.ts';
import { type FolderKind, findCurrent } from './current-folder.ts';

/** Emulators of other processors, from one Debian package: `emulators.json` in their folder. */
export interface Emulators {
  suite: string;
  architecture: string;
  version: string;
  madeAt: string;
}

/**
 * What runs the steps of other platforms: Slipway's own emulators, fetched if need be, or those registered on the host;
 * or the reason why nothing does.
 */
export type Emulation = { by: 'own' | 'host' } | { refusal: string };

/** The first bytes of an architecture's programs, and the emulator that runs them. */
interface Kind {
  emulator: string;
  bits: 32 | 64;
  order: 'little' | 'big';
  machine: number;
}

/** ELF's e_machine numbers: https://www.sco.com/developers/gabi/latest/ch4.eheader.html */
const KINDS: Readonly<Record<string, Kind>> = {
  amd64: { emulator: 'qemu-x86_64', bits: 64, order: 'little', machine: 0x3e },
  386: { emulator: 'qemu-i386', bits: 32, order: 'little', machine: 0x03 },
  arm64: { emulator: 'qemu-aarch64', bits: 64, order: 'little', machine: 0xb7 },
  arm: { emulator: 'qemu-arm', bits: 32, order: 'little', machine: 0x28 },
  ppc64le: { emulator: 'qemu-ppc64le', bits: 64, order: 'little', machine: 0x15 },
  riscv64: { emulator: 'qemu-riscv64', bits: 64, order: 'little', machine: 0xf3 },
  s390x: { emulator: 'qemu-s390x', bits: 64, order: 'big', machine: 0x16 },
};

/** The kernel's folder of binary formats, as the host has it. */
const HOST_FORMATS = '/proc/sys/fs/binfmt_misc';
/** From this version on, a user namespace may have formats of its own. */
const FIRST_KERNEL = [6, 7] as const;

/** The programs of an emulators' folder. */
export const emulatorNames = Object.entries(KINDS)
  .filter(([architecture]) => !isNative(`linux/${architecture}`))
  .map(([, { emulator }]) => emulator);

/** Folders of emulators. */
export const EMULATORS_KIND: FolderKind = { place: BUILDER_FOLDER, link: 'emulators', mark: 'emulators.json' };

/** The folder of the emulators that boxes use now. */
export function findEmulators(): string | undefined {
  return findCurrent(EMULATORS_KIND);
}

/** Throws if the folder has no emulators. */
export function readEmulators(folder: string): Emulators {
  return JSON.parse(readFileSync(join(folder, 'emulators.json'), 'utf8')) as Emulators;
}

/** How this machine runs the steps of these platforms, none of which is its own. */
export function chooseEmulation(platforms: readonly string[]): Emulation {
  return decideEmulation(platforms, {
    kernel: release(),
    hasOwn: findEmulators() !== undefined,
    hostFormats: readHostFormats(),
  });
}

/** The facts of a machine that decide this. */
export interface EmulationFacts {
  kernel: string;
  hasOwn: boolean;
  hostFormats: readonly string[];
}

/** `chooseEmulation` on given facts; `hostFormats` are the texts of the kernel's files. */
export function decideEmulation(platforms: readonly string[], facts: EmulationFacts): Emulation {
  const isOwnPossible = isKernelAtLeast(facts.kernel, FIRST_KERNEL);
  if (isOwnPossible && facts.hasOwn) return { by: 'own' };
  const missing = platforms.filter((platform) => !facts.hostFormats.some((format) => runsPlatform(format, platform)));
  if (missing.length === 0) return { by: 'host' };
  if (isOwnPossible) return { by: 'own' };
  const what = `steps for ${missing.join(', ')} need an emulator on this machine, which is ${HOST_PLATFORM}`;
  return {
    refusal:
      `${what}; for that the sandbox needs Linux ${FIRST_KERNEL.join('.')} or later, and this is ${facts.kernel}. ` +
      'Use a newer kernel, or register emulators on the host with the flag F (on Debian: apt-get install qemu-user-static)',
  };
}

/** The facts of this machine. */
export function listPlatforms(): MachinePlatforms {
  const native = PLATFORMS.filter((platform) => isNative(platform));
  const others = PLATFORMS.filter((platform) => !isNative(platform));
  const emulated = others.filter((platform) => !('refusal' in chooseEmulation([platform])));
  const emulation = chooseEmulation(others);
  return { native, emulated, ...('refusal' in emulation ? { refusal: emulation.refusal } : {}) };
}

/**
 * The registration of each emulator with the kernel, by its program's name; `folder` is where the box has the programs
 * (https://docs.kernel.org/admin-guide/binfmt-misc.html). The kernel opens the program at once, so that it works for
 * steps in any root.
 */
export function emulatorFormats(folder: string): Record<string, string> {
  const needed = Object.values(KINDS).filter(({ emulator }) => emulatorNames.includes(emulator));
  return Object.fromEntries(
    needed.map((kind) => {
      const { magic, mask } = signature(kind);
      return [kind.emulator, `:${kind.emulator}:M:0:${magic}:${mask}:${folder}/${kind.emulator}:FPOC\n`];
    }),
  );
}

/**
 * The first twenty bytes of a program, and a mask of the bits that must match: the ABI and the file type
 * (position-independent or not) are ignored.
 */
function signature({ bits, order, machine }: Kind): { magic: string; mask: string } {
  const number = (value: number) => (order === 'little' ? [value, 0] : [0, value]);
  const magic = [0x7f, 0x45, 0x4c, 0x46, bits === 64 ? 2 : 1, order === 'little' ? 1 : 2, 1, ...Array(9).fill(0)];
  const mask = [...Array(7).fill(0xff), 0, ...Array(8).fill(0xff)];
  const written = (bytes: number[]) => bytes.map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  return {
    magic: written([...magic, ...number(2), ...number(machine)]),
    mask: written([...mask, ...(order === 'little' ? [0xfe, 0xff] : [0xff, 0xfe]), 0xff, 0xff]),
  };
}

function readHostFormats(): string[] {
  if (!existsSync(HOST_FORMATS)) return [];
  const names = readdirSync(HOST_FORMATS).filter((name) => name !== 'register' && name !== 'status');
  return names.map((name) => readFileSync(join(HOST_FORMATS, name), 'utf8'));
}

/** Whether a format of the host runs a platform's programs in any root, which needs its emulator to be open already. */
function runsPlatform(format: string, platform: string): boolean {
  const kind = KINDS[platformParts(platform).architecture];
  const flags = /^flags: (\w*)$/m.exec(format)?.[1] ?? '';
  const magic = /^magic ([0-9a-f]{40,512})$/m.exec(format)?.[1];
  if (kind === undefined || magic === undefined || !/^enabled$/m.test(format) || !/^offset 0$/m.test(format))
    return false;
  const bytes = Buffer.from(magic, 'hex');
  const isLittle = kind.order === 'little';
  const machine = isLittle ? bytes.readUInt16LE(18) : bytes.readUInt16BE(18);
  const isKind = bytes[4] === (kind.bits === 64 ? 2 : 1) && bytes[5] === (isLittle ? 1 : 2) && machine === kind.machine;
  return flags.includes('F') && isKind;
}

function isKernelAtLeast(kernel: string, [leastMajor, leastMinor]: readonly [number, number]): boolean {
  const [major = 0, minor = 0] = kernel.split('.').map((part) => Number.parseInt(part, 10));
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
