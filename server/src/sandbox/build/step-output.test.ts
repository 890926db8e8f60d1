import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import {
  childOf,
  listSandboxProcesses,
  readOutput,
  type SandboxUnderTest,
  skipLongReason,
  skipReason,
  startSandboxUnderTest,
} from '../testing/sandbox.ts';

describe('the output of steps', { skip: skipReason }, () => {
  let under: SandboxUnderTest;
  before(async () => {
    under = await startSandboxUnderTest();
  });
  after(() => under.close());

  test('goes through a stream that no step can name, leaves no pipe, and is not held up by what steps leave running', async () => {
    const Dockerfile = [
      'FROM busybox',
      'RUN (sleep 600; echo late) & echo first; cat /proc/*/environ /proc/*/cmdline | tr "\\0" "\\n"; find / -xdev -name "*step-mark*"; ls /run; true',
      'USER 1000',
      'RUN echo by a plain user >/dev/stdout; echo and >/dev/stderr',
      'USER 0',
      ...Array.from({ length: 12 }, (_, at) => `RUN echo step ${at}`),
      // The runtime lets a frontend talk to the builder, and knows it by this mount.
      `RUN --mount=type=bind,target=/run/config/buildkit/metadata echo pretends to be a frontend; : '"destination":"/run/config/buildkit/metadata","type":"bind","source":"/store/docker/tmp/buildkit-metadata'`,
      'RUN echo started; sleep 600',
    ].join('\n');
    const stop = new AbortController();
    let [text, mark, said] = ['', '', ''];
    let pipes: string[] | undefined;
    const reader = readOutput((part) => {
      text += part;
      if (pipes || !/^started$/m.test(text)) return;
      const daemon = listSandboxProcesses(under.dataFolder).find(({ name }) => name === 'dockerd');
      pipes = readdirSync(`/proc/${daemon?.pid}/root/run/streams`);
      stop.abort();
    });
    const outcome = await under.sandbox.runBuild(under.prepare({ Dockerfile }), {
      ...reader,
      onOutput: (chunk, streams) => {
        mark = streams.mark;
        said += chunk;
        return reader.onOutput(chunk, streams);
      },
      signal: stop.signal,
    });
    assert.equal(outcome.reason, 'cancelled', text);
    assert.match(text, /^first$(.|\n)*^by a plain user\nand$(.|\n)*^step 11$/m);
    assert.match(text, /^pretends to be a frontend$/m);
    assert.doesNotMatch(text, /^late$/m);
    assert.ok(mark.length === 32 && !text.includes(mark), text);
    assert.deepEqual(pipes, []);
    const texts = [...said.matchAll(/"data":"([^"]*)"/g)].map(([, data = '']) =>
      Buffer.from(data, 'base64').toString(),
    );
    assert.deepEqual(
      texts.filter((each) => !each.startsWith(mark)),
      [],
      'the builder is told nothing else of what steps print',
    );
  });

  test('may be larger than the memory of the build, and arrives whole in constant memory', {
    skip: skipLongReason,
  }, async () => {
    const lines = 10_000_000;
    const limits = { memoryBytes: 256 * 2 ** 20, cpus: 2, pids: 256, diskBytes: 256 * 2 ** 20, timeoutMs: 600_000 };
    const line = 'of a line that is as long as they are, and ever the same: ';
    const request = under.prepare({ Dockerfile: `FROM busybox\nRUN yes "${line}" | head -n ${lines}\n` }, { limits });
    const reader = readOutput(() => undefined);
    let [bytes, ends, chunks, most] = [0, 0, 0, 0];
    const least = residentBytes(childOf(under.helper.child.pid));
    const outcome = await under.sandbox.runBuild(request, {
      ...reader,
      onStep: (_, chunk) => {
        bytes += chunk.length;
        for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) ends += 1;
        chunks += 1;
        if (chunks % 100 === 0) most = Math.max(most, residentBytes(childOf(under.helper.child.pid)));
      },
      signal: new AbortController().signal,
    });
    assert.equal(outcome.phase, 'done', JSON.stringify(outcome));
    assert.deepEqual([ends, bytes], [lines, lines * (line.length + 1)]);
    assert.ok(bytes > 2 * limits.memoryBytes);
    assert.ok(most > 0 && most - least < 48 * 2 ** 20, `the helper grew by ${most - least} bytes`);
  });
});

function residentBytes(pid: number | undefined): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}
