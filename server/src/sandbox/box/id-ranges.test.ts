import assert from 'node:assert/strict';
import { watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, test } from 'node:test';
import { DEFAULT_IDS, idsEach, parseIds } from '../protocol/ids.ts';
import { call, stepOf, takeAllWatches } from '../testing/probe-program.ts';
import { readOutput, type runToEnd, skipReason, startSandboxUnderTest } from '../testing/sandbox.ts';
import { boxMappings, diskMappings, formatMap, IdPool } from './id-ranges.ts';

const skip = skipReason || (process.arch === 'x64' ? false : 'the probes are programs for x86-64');

test('gives boxes ranges that do not overlap, reuses a freed one last, and names the setting in a refusal', () => {
  const ids = { first: 100_000_000, last: 100_000_000 + 3 * idsEach };
  const pool = new IdPool(ids, 7);
  const taken = [pool.take(), pool.take(), pool.take()];
  assert.deepEqual(
    taken.toSorted(),
    [0, 1, 2].map((at) => ids.first + at * idsEach),
  );
  assert.throws(() => pool.take(), { code: 'no-ids', message: /all 3 ranges .* \(setting build-ids\)/ });
  pool.release(taken[1] ?? 0);
  assert.equal(pool.take(), taken[1]);
  const roomy = new IdPool(DEFAULT_IDS, 0);
  const [first, second] = [roomy.take(), roomy.take()];
  roomy.release(first);
  assert.ok(![first, second].includes(roomy.take()));
});

test('gives a box the ids of common systems and those of OpenShift, on its disks behind the disks’ owner', () => {
  assert.equal(formatMap(boxMappings(2000)), '0 2000 7340032\n1000000000 7342032 1048576\n');
  assert.equal(formatMap(diskMappings(2000)), '1073741824 2000 7340032\n2073741824 7342032 1048576\n');
});

test('accepts as setting two numbers outside the system’s own ids, with room for a box', () => {
  assert.deepEqual(parseIds('65536-8454143'), { first: 65_536, last: 8_454_143 });
  for (const text of ['', '5', '0-99999999', '65536-8454142', '99999999-1', '1-2-3', '4286513153-4294967295', 'a-b'])
    assert.equal(parseIds(text), undefined, text);
});

describe('ids of one build', { skip }, () => {
  test('leave watches to the machine’s root and to another build when a step takes all it can get', async () => {
    const under = await startSandboxUnderTest();
    const cancellation = new AbortController();
    try {
      const mapOf = (output: string) => /^ +0 +(\d+)/m.exec(output)?.[1];
      const Dockerfile = `FROM busybox\nRUN cat /proc/self/uid_map; (${stepOf(takeAllWatches())}) & sleep 1; echo taken; sleep 600\n`;
      const request = under.prepare({ Dockerfile });
      let output = '';
      let neighbour: ReturnType<typeof runToEnd> | undefined;
      const isGreedyOver = under.sandbox.runBuild(request, {
        ...readOutput((text) => {
          output += text;
          if (!/^taken$/m.test(output) || neighbour !== undefined) return;
          watch(tmpdir()).close();
          const steps = `RUN cat /proc/self/uid_map; ${stepOf(call(253, 0, 0, 0))}; echo "error $?"`;
          const { repositoryId } = request;
          neighbour = under.build({ Dockerfile: `FROM busybox\n${steps}\n` }, { repositoryId });
          void neighbour.finally(() => cancellation.abort());
        }),
        signal: cancellation.signal,
      });
      await isGreedyOver;
      assert.ok(neighbour, output);
      const beside = (await neighbour).output;
      assert.match(beside, /^error 0$/m);
      assert.notEqual(mapOf(beside), mapOf(output));
      assert.deepEqual(under.leftovers(), []);
    } finally {
      cancellation.abort();
      await under.close();
    }
  });
});
