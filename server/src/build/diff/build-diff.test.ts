import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Log, Logbook } from '@slipway/logbook';
import { ConfinedWork } from '#confined/confined-work.ts';
import type { BuildStep } from '../build-step.ts';
import { listStretches } from '../logs/log-stretches.ts';
import { diffLogs } from './build-diff.ts';
import { comparableLine } from './diff-line.ts';
import { alignSections, listDiffSections, pairSections } from './diff-section.ts';

/** A step's instruction, its lines, its exit code, and whether it was cached. */
type Told = [instruction: string, lines: string[], exitCode?: number, cached?: boolean];

async function openLogbook(t: TestContext): Promise<Logbook> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-diff-'));
  const logbook = await Logbook.open({ folder });
  t.after(async () => {
    await logbook.close();
    await rm(folder, { recursive: true });
  });
  return logbook;
}

async function logOf(logbook: Logbook, id: string): Promise<Log> {
  const log = await logbook.open(id);
  assert.ok(log);
  return log;
}

/** Writes a build's log as the runner does, and returns its id and sections. */
async function tell(logbook: Logbook, told: Told[], commit = 'a'.repeat(40), remark?: string) {
  const id = randomUUID();
  const writer = await logbook.create(id);
  await writer.line(`Slipway 1, build ${id} of a/b:latest for linux/amd64`);
  for (const line of ['fetch stage begin', `commit ${commit} (Ada: x ${commit})`, 'fetch stage end after 0.12 s'])
    await writer.line(line);
  writer.stage('DOCKER_IMAGE_BUILD');
  await writer.line('build stage begin');
  if (remark !== undefined) await writer.line(remark);
  const steps: BuildStep[] = [];
  for (const [index, [instruction, lines, exitCode = 0, cached = false]] of told.entries()) {
    writer.stage('DOCKER_IMAGE_BUILD', index + 1);
    const place = { stage: 1, stageCount: 1, number: index + 1, numberCount: told.length };
    steps.push({ step: index + 1, ...place, instruction, cached, startedMs: 1, endedMs: 2, exitCode });
    await writer.line(`${cached ? 'CACHED ' : ''}STEP ${index + 1}/${told.length}: ${instruction}`);
    for (const line of lines) await writer.line(line);
  }
  writer.stage('DOCKER_IMAGE_BUILD');
  const failed = told.find(([, , exitCode]) => exitCode);
  await writer.line(failed ? `step failed: ${failed[0]}` : 'build stage end after 1.00 s');
  await writer.committed();
  await writer.seal({ verdict: 'complete' });
  return { id, sections: listDiffSections(await listStretches(await logOf(logbook, id)), steps) };
}

async function diff(
  logbook: Logbook,
  build: Awaited<ReturnType<typeof tell>>,
  other: Awaited<ReturnType<typeof tell>>,
) {
  await using work = new ConfinedWork();
  const pairs = await alignSections(work, build.sections, other.sections);
  const { first, complete } = await diffLogs({ logbook, work }, build.id, other.id, pairs);
  assert.ok(complete);
  return (
    first && {
      kind: first.kind,
      steps: [first.build.section?.step, first.other.section?.step],
      lines: [first.build.lines[0]?.message, first.other.lines[0]?.message],
    }
  );
}

const GOOD: Told[] = [
  ['FROM base', ['3f2a9c1b2d4']],
  ['RUN apt', ['Get:1 at 12:30:01', 'Fetched 3 in 12s (4.1 MB/s)', 'tmp /tmp/tmp.a1B2', '11111111111']],
  ['RUN make', ['cc a.c', 'cc b.c', 'done 2026-01-01T10:00:00Z']],
];

test('two successful builds compare as equal although times, hashes, ids and commits differ', async (t) => {
  const logbook = await openLogbook(t);
  const again: Told[] = [
    ['FROM base', ['99999999999']],
    ['RUN apt', ['Get:1 at 23:59:59', 'Fetched 3 in 4s (9 kB/s)', 'tmp /tmp/tmp.zzz', 'abcdefabcde']],
    ['RUN make', ['cc a.c', 'cc b.c', 'done 2027-12-31T23:00:00Z']],
  ];
  assert.equal(await diff(logbook, await tell(logbook, again, 'b'.repeat(40)), await tell(logbook, GOOD)), undefined);
});

test('finds the first differing line, with its step, on both sides', async (t) => {
  const logbook = await openLogbook(t);
  const bad: Told[] = [...GOOD.slice(0, 2), ['RUN make', ['cc a.c', 'a.c:1: error', 'make: *** [all] Error 1'], 2]];
  assert.deepEqual(await diff(logbook, await tell(logbook, bad), await tell(logbook, GOOD)), {
    kind: 'lines',
    steps: [3, 3],
    lines: ['a.c:1: error', 'cc b.c'],
  });
});

test('a step with the same output but another exit code is reported by its exit code', async (t) => {
  const logbook = await openLogbook(t);
  const bad: Told[] = [...GOOD.slice(0, 2), ['RUN make', GOOD[2]?.[1] ?? [], 3]];
  const found = await diff(logbook, await tell(logbook, bad), await tell(logbook, GOOD));
  assert.deepEqual([found?.kind, found?.steps], ['exit-code', [3, 3]]);
});

test('an added, missing or changed step is reported before differences that follow it', async (t) => {
  const logbook = await openLogbook(t);
  const good = await tell(logbook, GOOD);
  const more = await tell(logbook, [...GOOD.slice(0, 2), ['RUN new', ['x']], ...GOOD.slice(2)]);
  const changed = await tell(logbook, [...GOOD.slice(0, 2), ['RUN make -j', ['cc a.c']]]);
  assert.deepEqual((await diff(logbook, more, good))?.steps, [3, undefined]);
  assert.deepEqual((await diff(logbook, good, more))?.steps, [undefined, 3]);
  const { kind, steps } = (await diff(logbook, changed, good)) ?? {};
  assert.deepEqual([kind, steps], ['step', [3, 3]]);
});

test('a cached step has no output, so its lines are not compared', async (t) => {
  const logbook = await openLogbook(t);
  const cached: Told[] = [GOOD[0] as Told, ['RUN apt', [], 0, true], GOOD[2] as Told];
  assert.equal(await diff(logbook, await tell(logbook, cached), await tell(logbook, GOOD)), undefined);
});

test('steps that ran in parallel are compared step by step, however their lines interleave', async (t) => {
  const logbook = await openLogbook(t);
  const steps = [1, 2].map((stage) => ({
    step: stage,
    stage,
    stageCount: 2,
    number: 1,
    numberCount: 1,
    instruction: `RUN ${stage}`,
    cached: false,
    startedMs: 1,
    endedMs: 2,
    exitCode: 0,
  }));
  const tellSideBySide = async (order: number[]) => {
    const id = randomUUID();
    const writer = await logbook.create(id);
    const counts = [0, 0, 0];
    for (const step of order) {
      writer.stage('DOCKER_IMAGE_BUILD', step);
      counts[step] = (counts[step] ?? 0) + 1;
      await writer.line(`line ${counts[step]} of ${step === 0 ? 'none' : step}`);
    }
    await writer.seal({ verdict: 'complete' });
    return { id, sections: listDiffSections(await listStretches(await logOf(logbook, id)), steps) };
  };
  const one = await tellSideBySide([0, 1, 2, 1, 2, 2, 0, 1]);
  const other = await tellSideBySide([0, 2, 2, 1, 1, 0, 1, 2]);
  assert.equal(await diff(logbook, one, other), undefined);
  const shorter = await tellSideBySide([0, 2, 1, 1, 1, 2, 0]);
  const found = await diff(logbook, shorter, one);
  assert.deepEqual([found?.kind, found?.steps, found?.lines], ['lines', [2, 2], [undefined, 'line 3 of 2']]);
});

test('the state of the layer cache is not a difference', async (t) => {
  const logbook = await openLogbook(t);
  await using work = new ConfinedWork();
  const told = (word: string): Told[] => [['RUN make', [word]]];
  const remark = 'the layer cache is in use by another build of the repository: this build runs every step';
  const [build, other] = [await tell(logbook, told('b'), undefined, remark), await tell(logbook, told('a'))];
  const pairs = await alignSections(work, build.sections, other.sections);
  const { first } = await diffLogs({ logbook, work }, build.id, other.id, pairs);
  assert.equal(first?.build.lines[0]?.message, 'b');
});

test('ignores what varies from run to run, and nothing else', () => {
  for (const [a, b] of [
    ['took 1.5s', 'took 12 ms'],
    ['at 2026-01-01T10:00:00Z done', 'at 2025-12-31T23:59:59.123Z done'],
    ['id b8a1e1a0-0000-4000-8000-000000000001', 'id c8a1e1a0-0000-4000-8000-000000000002'],
    ['sha256:0123456789abcdef', 'sha256:fedcba9876543210'],
    ['\u001b[32mok\u001b[0m', 'ok'],
  ] as const)
    assert.equal(comparableLine(a), comparableLine(b), a);
  for (const [a, b] of [
    ['3 tests passed', '4 tests passed'],
    ['version 1.2.3', 'version 1.2.4'],
    ['exit code 1', 'exit code 2'],
    ['defaced', 'effaced'],
    ['1234567 bytes', '7654321 bytes'],
  ] as const)
    assert.notEqual(comparableLine(a), comparableLine(b), a);
});

test('ten thousand forged steps on each side are aligned in a confined process, and equal steps around them are still paired', async () => {
  const section = (step: number, instruction: string) => ({
    stage: 'DOCKER_IMAGE_BUILD',
    step,
    place: undefined,
    instruction,
    cached: false,
    exitCode: 0,
    ranges: [{ firstLine: step, lastLine: step }],
  });
  const forged = (name: string) =>
    Array.from({ length: 10_000 }, (_, i) => section(i + 1, `${name} ${'x'.repeat(i)}`.slice(0, 400)));
  const [build, other] = [forged('RUN one'), forged('RUN two')].map((sections) => [
    section(0, 'FROM a'),
    ...sections,
    section(0, 'end'),
  ]);
  await using work = new ConfinedWork({ heapMebibytes: 128 });
  const pairs = await alignSections(work, build ?? [], other ?? []);
  assert.equal(pairs.length, 20_002);
  assert.deepEqual([pairs[0]?.build?.step, pairs[0]?.other?.step], [0, 0]);
  assert.equal(pairs.filter((pair) => pair.build && pair.other).length, 2);
});

test('cutting off common steps at both ends does not change the longest common sequence', () => {
  const keys = (text: string) => [...text].map((instruction) => ({ stage: 'S', step: 1, instruction }));
  const paired = (a: string, b: string) =>
    pairSections({ build: keys(a), other: keys(b) })
      .map(([i, j]) => `${i === null ? '-' : a[i]}${j === null ? '-' : b[j]}`)
      .join(' ');
  assert.equal(paired('abcdef', 'abxdef'), 'aa bb c- -x dd ee ff');
  assert.equal(paired('abab', 'ab'), 'aa bb a- b-');
  assert.equal(paired('', 'ab'), '-a -b');
  assert.equal(paired('axbyc', 'azbwc'), 'aa x- -z bb y- -w cc');
});

test('long differing lines are compared in a separate process, up to the first real difference', async (t) => {
  const logbook = await openLogbook(t);
  const lines = (unit: string, last: string) => [
    ...Array.from({ length: 200 }, (_, i) => `took ${i} ${unit} ${'7f3a9c1b '.repeat(50)}`),
    last,
  ];
  const good = await tell(logbook, [['RUN a', lines('ms', 'same')]]);
  assert.equal(await diff(logbook, await tell(logbook, [['RUN a', lines('s', 'same')]]), good), undefined);
  const found = await diff(logbook, await tell(logbook, [['RUN a', lines('s', 'other')]]), good);
  assert.deepEqual(found?.lines, ['other', 'same']);
});
