import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Masker } from '../mask/masker.ts';
import { BuildOutput } from './build-output.ts';
import { StepRecorder } from './step-recorder.ts';

const STARTED = '2026-01-01T00:00:00Z';
const begun = (digest: string) => ({ vertexes: [{ digest, name: `[1/1] RUN ${digest}`, started: STARTED }] });
const printed = (digest: string, text: string) => ({ vertex: digest, data: Buffer.from(text).toString('base64') });
const message = (value: unknown) => Buffer.from(`${JSON.stringify(value)}\n`);

/** An output whose log only counts bytes. */
function openOutput(secrets: string[] = []) {
  const written = { bytes: 0, texts: new Map<number, string>() };
  let at = 0;
  const log = {
    place: (step: number) => {
      at = step;
    },
    write: async (bytes: Uint8Array) => {
      written.bytes += bytes.length;
      written.texts.set(at, (written.texts.get(at) ?? '') + Buffer.from(bytes).toString());
    },
  };
  const recorder = new StepRecorder({ save: async () => undefined, now: () => 0 });
  return { output: new BuildOutput(log, new Masker(secrets), recorder, []), written };
}

/** How often other work could run during an action. */
async function turnsOf(act: () => Promise<void>): Promise<number> {
  let [turns, goesOn] = [0, true];
  const count = () => {
    turns += 1;
    if (goesOn) setImmediate(count);
  };
  setImmediate(count);
  await act();
  goesOn = false;
  return turns;
}

test('other work can run while one message of the builder is read, whether it has many parts or one long text', async () => {
  const { output, written } = openOutput(['a secret that is long']);
  await output.write(message(begun('a')));
  const many = message({ logs: Array.from({ length: 5000 }, () => printed('a', 'x\n')) });
  const long = message({ logs: [printed('a', `${'y'.repeat(2 ** 21)}\n`)] });
  assert.ok((await turnsOf(() => output.write(many))) >= 8);
  assert.ok((await turnsOf(() => output.write(long))) >= 4);
  assert.equal(written.texts.get(1), `STEP 1/1: RUN a\n${'x\n'.repeat(5000)}${'y'.repeat(2 ** 21)}\n`);
  assert.equal(await turnsOf(() => output.write(message({ logs: [printed('a', 'one line\n')] }))), 0);
});

test('step output without a line end is copied at most twice, however small its pieces are', async (t) => {
  const { output, written } = openOutput();
  await output.write(message(begun('a')));
  let copiedBytes = 0;
  const { concat } = Buffer;
  t.mock.method(Buffer, 'concat', (parts: readonly Uint8Array[]) => {
    const whole = concat(parts);
    copiedBytes += whole.length;
    return whole;
  });
  const before = written.bytes;
  for (let i = 0; i < 3000; i++) await output.write(message({ logs: [printed('a', 'z')] }));
  await output.write(message({ logs: [printed('a', '\n')] }));
  assert.equal(written.bytes - before, 3001);
  assert.ok(copiedBytes <= 2 * 3001, `${copiedBytes}`);
  await output.end();
});

test('hundreds of steps with partial lines keep at most 4 MiB together', async () => {
  const { output, written } = openOutput();
  const part = 'p'.repeat(10_000);
  let given = 0;
  for (let i = 0; i < 600; i++) {
    await output.write(message({ ...begun(`s${i}`), logs: [printed(`s${i}`, part)] }));
    given += `STEP 1/1: RUN s${i}\n`.length + part.length;
    assert.ok(given - written.bytes <= 4 * 2 ** 20, `${given - written.bytes} bytes at step ${i + 1}`);
  }
  await output.end();
  assert.equal(written.bytes, given);
});

test('output after the builder reported the end of a step still belongs to the step until its stream ends, and is masked across pieces', async () => {
  const { output, written } = openOutput(['a long secret']);
  const streams = { mark: 'f'.repeat(32), open: () => undefined };
  await output.write(message({ ...begun('a'), logs: [printed('a', `${streams.mark} s\n`)] }), streams);
  await output.writeStep(1, Buffer.from('one a long'));
  const vertex = { ...begun('a').vertexes[0], completed: STARTED, error: 'process "x": context canceled' };
  await output.write(message({ vertexes: [vertex] }), streams);
  await output.writeStep(1, Buffer.from(' secret\nhalf'));
  await output.endStep(1, false);
  assert.equal(written.texts.get(1), 'STEP 1/1: RUN a\none ***\nhalf');
  assert.equal(output.failed, undefined);
  await output.end();
});

test('a failed step on scratch is the one that failed, although its lookup in the cache had ended before', async () => {
  const { output, written } = openOutput();
  const step = (more: object) => message({ vertexes: [{ digest: 'a', name: '[1/1] RUN a', ...more }] });
  await output.write(step({ started: STARTED, completed: '2026-01-01T00:00:00.1Z' }));
  const begun = { started: '2026-01-01T00:00:00.2Z' };
  await output.write(step(begun));
  await output.write(message({ logs: [printed('a', 'of the step\n')] }));
  const error = 'process "/bin/sh -c a" did not complete successfully: exit code: 1';
  await output.write(step({ ...begun, completed: '2026-01-01T00:00:01Z', error }));
  await output.end();
  assert.deepEqual([output.failed?.step.number, output.failed?.error], [1, error]);
  assert.equal(written.texts.get(1), 'STEP 1/1: RUN a\nof the step\n');
});
