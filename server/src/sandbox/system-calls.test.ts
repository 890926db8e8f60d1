import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type SandboxUnderTest, skipReason, startSandboxUnderTest } from './sandbox-under-test.ts';

const skip = skipReason || (process.arch === 'x64' ? false : 'the probes are programs for x86-64');

const errors = { none: 0, EPERM: 1, ENOSYS: 38, EAFNOSUPPORT: 97 };
const [stream, raw] = [1, 3];
const codeAddress = 0x40_0078;

describe('the system calls of a step', { skip }, () => {
  let under: SandboxUnderTest;
  let answers: Record<string, number>;
  const socket = (family: number, type: number, protocol: number) => call(41, family, type, protocol);
  const open = {
    unix: socket(1, stream, 0),
    inet: socket(2, stream, 0),
    inet6: socket(10, stream, 0),
    route: socket(16, raw, 0),
  };
  const closed = {
    unspecified: socket(0, stream, 0),
    vsock: socket(40, stream, 0),
    packet: socket(17, raw, 0),
    alg: socket(38, 5, 0),
    bluetooth: socket(31, raw, 0),
    netfilter: socket(16, raw, 12),
    tipcPair: call(53, 30, stream, 0),
    x32: call(0x4000_0000 + 41, 40, stream, 0),
  };
  const old = {
    socketcall: oldCall(102, 1, [40, stream, 0]),
    socketcallUnix: oldCall(102, 1, [1, stream, 0]),
    direct: oldCall(359, 40, []),
  };
  const reaching = {
    io_uring_setup: call(425, 8, 0, 0),
    io_setup: call(206, 65_536, 0, 0),
    bpf: call(321, 0, 0, 0),
    userfaultfd: call(323, 0, 0, 0),
    keyctl: call(250, 0, 0, 0),
    perf_event_open: call(298, 0, 0, 0),
  };

  // Each call is a program of its own, all in one step; an error's number is its exit code, 0 is none.
  before(async () => {
    under = await startSandboxUnderTest();
    const lines = Object.entries({ ...open, ...closed, ...old, ...reaching }).map(
      ([name, code]) =>
        `echo ${program(code).toString('base64')} | base64 -d >/p && chmod 755 /p && /p; echo "${name} = $?"; rm /p`,
    );
    const { output } = await under.build({ Dockerfile: `FROM busybox\nRUN ${lines.join('; \\\n  ')}\n` });
    const found = output.matchAll(/^(\w+) = (\d+)$/gm);
    answers = Object.fromEntries([...found].map(([, name = '', error]) => [name, Number(error)]));
  });
  after(() => under.close());
  const answersOf = (calls: object) => Object.fromEntries(Object.keys(calls).map((name) => [name, answers[name]]));
  const all = (calls: object, error: number) => Object.fromEntries(Object.keys(calls).map((name) => [name, error]));

  test('a step opens sockets of the families unix, inet, inet6 and netlink route, and of no other', () => {
    assert.deepEqual(answersOf(open), all(open, errors.none));
    assert.deepEqual(answersOf(closed), all(closed, errors.EAFNOSUPPORT));
  });

  test('the old 32-bit calls are no way round it', () => {
    assert.deepEqual(answersOf(old), { ...all(old, errors.ENOSYS), direct: errors.EAFNOSUPPORT });
  });

  test('calls that reach round it or take what the whole machine shares are closed', () => {
    // The inner filter, crun's, refuses some of them first, with EPERM.
    const found = answersOf(reaching);
    for (const [name, error] of Object.entries(found))
      assert.ok(error === errors.ENOSYS || error === errors.EPERM, `${name}: ${error}`);
    assert.deepEqual([found.io_setup, found.io_uring_setup], [errors.ENOSYS, errors.ENOSYS]);
  });
});

/** A program of nothing but this code, which leaves a call's answer in eax: its exit code is the error number, or 0. */
function program(code: Buffer): Buffer {
  // test eax,eax; jns 1f; neg eax; jmp 2f; 1: xor eax,eax; 2: mov edi,eax; mov eax,60; syscall
  const exit = Buffer.from('85c07904f7d8eb0231c089c7b83c0000000f05', 'hex');
  const body = Buffer.concat([code, exit]);
  const file = Buffer.alloc(0x78 + body.length);
  file.write('7f454c46020101', 0, 'hex');
  file.writeUInt16LE(2, 16);
  file.writeUInt16LE(62, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(BigInt(codeAddress), 24);
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(64, 52);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56);
  // One segment: the whole file, readable and executable.
  file.writeUInt32LE(1, 64);
  file.writeUInt32LE(5, 68);
  file.writeBigUInt64LE(0x40_0000n, 80);
  file.writeBigUInt64LE(0x40_0000n, 88);
  file.writeBigUInt64LE(BigInt(file.length), 96);
  file.writeBigUInt64LE(BigInt(file.length), 104);
  file.writeBigUInt64LE(0x1000n, 112);
  body.copy(file, 0x78);
  return file;
}

/** `syscall` with three arguments. */
function call(number: number, ...args: [number, number, number]): Buffer {
  return Buffer.concat([
    move(0xb8, number),
    move(0xbf, args[0]),
    move(0xbe, args[1]),
    move(0xba, args[2]),
    bytes('0f05'),
  ]);
}

/** `int 0x80`; a list of numbers is passed by its address, in front of which the code jumps. */
function oldCall(number: number, first: number, list: number[]): Buffer {
  const data = Buffer.alloc(list.length * 4);
  for (const [at, value] of list.entries()) data.writeUInt32LE(value, at * 4);
  const second = list.length > 0 ? codeAddress + 2 : stream;
  const jump = Buffer.from([0xeb, data.length]);
  return Buffer.concat([
    jump,
    data,
    move(0xb8, number),
    move(0xbb, first),
    move(0xb9, second),
    move(0xba, 0),
    bytes('cd80'),
  ]);
}

/** `mov` of a number into the register of this opcode. */
function move(opcode: number, value: number): Buffer {
  const code = Buffer.from([opcode, 0, 0, 0, 0]);
  code.writeUInt32LE(value, 1);
  return code;
}

function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}
