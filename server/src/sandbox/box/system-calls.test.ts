import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { call, oldCall, stepOf } from '../testing/probe-program.ts';
import { type SandboxUnderTest, skipReason, startSandboxUnderTest } from '../testing/sandbox.ts';

const skip = skipReason || (process.arch === 'x64' ? false : 'the probes are programs for x86-64');

const ERRORS = { none: 0, EPERM: 1, ENOSYS: 38, EAFNOSUPPORT: 97 };
const [stream, raw] = [1, 3];

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
  // There is no such descriptor, so only a call that does nothing succeeds.
  const needless = {
    fsync: call(74, 999, 0, 0),
    fdatasync: call(75, 999, 0, 0),
    syncfs: call(306, 999, 0, 0),
    sync_file_range: call(277, 999, 0, 0),
    sync: call(162, 0, 0, 0),
  };

  // Each call is a program of its own, and all run in one step. The exit code is the error number; 0 is success.
  before(async () => {
    under = await startSandboxUnderTest();
    const lines = Object.entries({ ...open, ...closed, ...old, ...reaching, ...needless }).map(
      ([name, code]) => `${stepOf(code)}; echo "${name} = $?"; rm /p`,
    );
    const { output } = await under.build({ Dockerfile: `FROM busybox\nRUN ${lines.join('; \\\n  ')}\n` });
    const found = output.matchAll(/^(\w+) = (\d+)$/gm);
    answers = Object.fromEntries([...found].map(([, name = '', error]) => [name, Number(error)]));
  });
  after(() => under.close());
  const answersOf = (calls: object) => Object.fromEntries(Object.keys(calls).map((name) => [name, answers[name]]));
  /** Refused by the box's filter with this error, or before that by the builder's own filter of steps, with EPERM. */
  const assertClosed = (calls: object, error: number) => {
    for (const [name, found] of Object.entries(answersOf(calls)))
      assert.ok(found === error || found === ERRORS.EPERM, `${name}: ${found}`);
  };
  const all = (calls: object, error: number) => Object.fromEntries(Object.keys(calls).map((name) => [name, error]));

  test('let a step open sockets of the families unix, inet, inet6 and netlink route, and of no other', () => {
    assert.deepEqual(answersOf(open), all(open, ERRORS.none));
    assertClosed(closed, ERRORS.EAFNOSUPPORT);
  });

  test('refuse the old 32-bit calls that would get around this', () => {
    assertClosed({ socketcall: old.socketcall, socketcallUnix: old.socketcallUnix }, ERRORS.ENOSYS);
    assertClosed({ direct: old.direct }, ERRORS.EAFNOSUPPORT);
  });

  test('refuse calls that would get around it or take what the whole machine shares', () => {
    assertClosed(reaching, ERRORS.ENOSYS);
  });

  test('make no step wait until the machine has written its files to the disk', () => {
    assert.deepEqual(answersOf(needless), all(needless, ERRORS.none));
  });
});
