import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { StepTracker } from './step-tracker.ts';

const OUTPUT = Buffer.from(
  'warning\n[1/2] STEP 1/3: FROM busybox\n[1/2] STEP 2/3: RUN echo STEP 9/9: no\nSTEP 9/9: no\n[1/2] STEP 3/3: COPY a b\n' +
    '--> Using cache 0123456789ab\n[2/2] STEP 1/2: COPY . /\nÄend without newline',
);

test('bytes pass unchanged, however they are cut, and the step is the newest one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(OUTPUT.length), { maxLength: 12 }), async (cuts) => {
      const seen: Buffer[] = [];
      const events: string[] = [];
      const tracker = new StepTracker({
        step: (begun) => void events.push(`${begun.stage}: ${begun.number}/${begun.numberCount}`),
        cached: () => void events.push('cached'),
        write: async (bytes) => void seen.push(Buffer.from(bytes)),
      });
      for (const chunk of cut(OUTPUT, cuts)) await tracker.write(chunk);
      assert.deepEqual(Buffer.concat(seen), OUTPUT);
      assert.deepEqual(events, ['1: 1/3', '1: 2/3', '1: 3/3', 'cached', '2: 1/2']);
      assert.equal(tracker.step, 4);
      assert.equal(tracker.instruction, 'COPY . /');
      assert.equal(tracker.tail, OUTPUT.toString());
    }),
  );
});

test('a step begins before its own line when that line came whole', async () => {
  const events: string[] = [];
  const tracker = new StepTracker({
    step: ({ step }) => void events.push(`step ${step}`),
    cached: () => void events.push('cached'),
    write: async (bytes) => void events.push(Buffer.from(bytes).toString()),
  });
  await tracker.write(Buffer.from('a\nSTEP 1/2: FROM x\nb\nSTEP 2/2: RUN y\nc'));
  assert.deepEqual(events, ['a\n', 'step 1', 'STEP 1/2: FROM x\nb\n', 'step 2', 'STEP 2/2: RUN y\nc']);
});

test('a line of a RUN that looks like a step and does not follow the step before is none', async () => {
  const taken: string[] = [];
  const tracker = new StepTracker({
    step: ({ instruction }) => void taken.push(instruction),
    cached: () => undefined,
    write: async () => undefined,
  });
  const lines = [
    'STEP 1/3: a',
    'STEP 1/3: again',
    'STEP 3/3: ahead',
    'STEP 2/2: other',
    '[2/2] STEP 1/1: b',
    'STEP 2/3: c',
  ];
  await tracker.write(Buffer.from(lines.map((line) => `${line}\n`).join('')));
  assert.deepEqual(taken, ['a', 'c']);
});

test('steps that ONBUILD of the base adds are steps', async () => {
  const taken: string[] = [];
  const tracker = new StepTracker({
    step: ({ number, numberCount }) => void taken.push(`${number}/${numberCount}`),
    cached: () => undefined,
    write: async () => undefined,
  });
  await tracker.write(Buffer.from('[2/2] STEP 1/1: FROM x\n[2/2] STEP 2/3: RUN a\n[2/2] STEP 3/3: RUN b\n'));
  assert.deepEqual(taken, ['1/1', '2/3', '3/3']);
});

function cut(bytes: Buffer, cuts: number[]): Buffer[] {
  const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}
