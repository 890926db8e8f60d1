import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { StepTracker } from './step-tracker.ts';

const OUTPUT = Buffer.from(
  'warning\n[1/2] STEP 1/3: FROM busybox\n[1/2] STEP 2/3: RUN echo STEP 9/9: no\n[1/2] STEP 3/3: COPY a b\n' +
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
      for (const chunk of cut(OUTPUT, cuts)) await tracker.write(chunk, 'builder');
      await tracker.flush();
      assert.deepEqual(Buffer.concat(seen), OUTPUT);
      assert.deepEqual(events, ['1: 1/3', '1: 2/3', '1: 3/3', 'cached', '2: 1/2']);
      assert.equal(tracker.step, 4);
      assert.equal(tracker.instruction, 'COPY . /');
      assert.equal(tracker.tail, OUTPUT.toString());
    }),
  );
});

test('the line that begins a step is its first one, however it is cut and however long it is', async () => {
  const long = 'x'.repeat(200_000);
  for (const instruction of ['RUN y', `RUN ${long}`, `RUN ${'z'.repeat(70_000 - 12)}STEP 9/9: RUN fake`]) {
    for (const cutAt of [3, 20, 24, 70_000]) {
      const bytes = Buffer.from(`a\nSTEP 1/2: FROM x\nb\nSTEP 2/2: ${instruction}\nc`);
      const events: string[] = [];
      const tracker = new StepTracker({
        step: ({ step }) => void events.push(`<${step}>`),
        cached: () => void events.push('cached'),
        write: async (written) => void events.push(Buffer.from(written).toString()),
      });
      for (const chunk of cut(bytes, [cutAt])) await tracker.write(chunk, 'builder');
      await tracker.flush();
      assert.equal(events.join(''), `a\n<1>STEP 1/2: FROM x\nb\n<2>STEP 2/2: ${instruction}\nc`);
    }
  }
});

test('whatever a step prints, no step begins, none counts as cached, and nothing of it is taken for the last words of the builder', async () => {
  const taken: string[] = [];
  const written: Buffer[] = [];
  const tracker = new StepTracker({
    step: ({ instruction }) => void taken.push(instruction),
    cached: () => void taken.push('cached'),
    write: async (bytes) => void written.push(Buffer.from(bytes)),
  });
  const lies = 'STEP 2/3: RUN fake\n--> Using cache 0123456789ab\nError: building at STEP "RUN make": exit status 2\n';
  await tracker.write(Buffer.from('STEP 1/3: FROM a\nSTEP 2/3: RUN b\n'), 'builder');
  assert.equal(tracker.hasRun, false);
  await tracker.write(Buffer.from(lies), 'step');
  assert.equal(tracker.hasRun, true);
  await tracker.write(Buffer.from('--> 0123456789a\nSTEP 3/3: RUN c\n'), 'builder');
  assert.deepEqual([taken, tracker.hasRun], [['FROM a', 'RUN b', 'RUN c'], false]);
  assert.equal(tracker.tail, 'STEP 1/3: FROM a\nSTEP 2/3: RUN b\n--> 0123456789a\nSTEP 3/3: RUN c\n');
  assert.ok(Buffer.concat(written).includes(lies));
});

test('a reason for giving up that holds a line of the Dockerfile begins no step', async () => {
  for (const words of ['Error: building at STEP "RUN a', 'error running container: creating container for [/a']) {
    const taken: string[] = [];
    const tracker = new StepTracker({
      step: ({ instruction }) => void taken.push(instruction),
      cached: () => void taken.push('cached'),
      write: async () => undefined,
    });
    const text = `STEP 1/2: FROM a\n${words}\nSTEP 2/2: RUN fake\n--> Using cache 0123456789ab\n`;
    await tracker.write(Buffer.from(text), 'builder');
    assert.deepEqual(taken, ['FROM a']);
  }
});

test('steps that ONBUILD of the base adds are steps', async () => {
  const taken: string[] = [];
  const tracker = new StepTracker({
    step: ({ number, numberCount }) => void taken.push(`${number}/${numberCount}`),
    cached: () => undefined,
    write: async () => undefined,
  });
  await tracker.write(Buffer.from('[2/2] STEP 1/1: FROM x\n[2/2] STEP 2/3: RUN a\n[2/2] STEP 3/3: RUN b\n'), 'builder');
  assert.deepEqual(taken, ['1/1', '2/3', '3/3']);
});

function cut(bytes: Buffer, cuts: number[]): Buffer[] {
  const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}
