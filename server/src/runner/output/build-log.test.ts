import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Logbook } from '@slipway/logbook';
import fc from 'fast-check';
import type { BuildStep } from '#build/build-step.ts';
import { cancelled } from '../failure/build-failed.ts';
import { Masker } from '../mask/masker.ts';
import { secretForms } from '../mask/secret-forms.ts';
import { stageFailure } from '../stages/run-build-job.ts';
import { BuildLog } from './build-log.ts';
import { StepRecorder } from './step-recorder.ts';

async function openLogbook(t: TestContext): Promise<{ logbook: Logbook; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-build-log-'));
  const logbook = await Logbook.open({ folder });
  t.after(async () => {
    await logbook.close();
    await rm(folder, { recursive: true });
  });
  return { logbook, folder };
}

/** Everything in a log's folder, with archives unpacked. */
async function stored(folder: string): Promise<Buffer> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  const contents = files.map(async (entry) => {
    // After the seal the hot files are removed in the background, so one may vanish after the listing.
    const bytes = await readFile(join(entry.parentPath, entry.name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' && entry.name.startsWith('hot.')) return Buffer.alloc(0);
      throw error;
    });
    return entry.name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
  });
  return Buffer.concat(await Promise.all(contents));
}

test('property: a secret in random surroundings, split at random places, is in no file, line, step or seal of the log', async (t) => {
  const { logbook, folder } = await openLogbook(t);
  const unit = fc.constantFrom('a', 'B', '7', '/', '+', '"', ' ', 'é', '$');
  await fc.assert(
    fc.asyncProperty(
      fc
        .string({ unit, minLength: 6, maxLength: 30 })
        .filter((text) => text.trim().length >= 6 && !/(.)\1\1/.test(text)),
      fc.array(fc.nat(), { maxLength: 6 }),
      fc.constantFrom('', 'base64', 'url', 'json'),
      async (secret, cuts, encoding) => {
        const id = randomUUID();
        const encoded =
          encoding === 'base64'
            ? Buffer.from(`x${secret}y`).toString('base64')
            : encoding === 'url'
              ? encodeURIComponent(secret)
              : encoding === 'json'
                ? JSON.stringify(secret)
                : secret;
        const log = new BuildLog(await logbook.create(id), { monotonicMs: () => 0, masker: new Masker([secret]) });
        const steps: BuildStep[] = [];
        const recorder = new StepRecorder({ save: async (changed) => void steps.push(...changed), now: () => 0 });
        await log.header(`header ${secret}`);
        await log.begin('DOCKER_IMAGE_BUILD');
        const output = log.builderOutput(recorder, []);
        const name = `[1/1] RUN echo ${encoded}`;
        const error = `process "echo ${encoded}" did not complete successfully: exit code: 1`;
        const started = '2026-01-01T00:00:00Z';
        const printed = Buffer.from(`${encoded}\n<${encoded}>\n`);
        const places = [0, ...cuts.map((cut) => cut % printed.length).toSorted((a, b) => a - b), printed.length];
        const parts = places.slice(1).map((place, index) => printed.subarray(places[index], place));
        const progress = [
          { vertexes: [{ digest: 'a', name, started }] },
          ...parts.map((part) => ({ logs: [{ vertex: 'a', data: part.toString('base64') }] })),
          { vertexes: [{ digest: 'a', name, started, completed: started, error }] },
        ];
        for (const message of progress) await output.write(Buffer.from(`${JSON.stringify(message)}\n`));
        await output.write(Buffer.from(`ERROR: ${error}\n`));
        await output.end();
        await recorder.close();
        await log.fail(`failed: ${encoded}`);
        await log.committed();
        const before = await stored(join(folder, id.slice(0, 2), id));
        const seal = await log.seal(undefined);
        const told = Buffer.from(
          JSON.stringify([steps, output.newest, output.failed, output.words, log.masked(encoded)]),
        );
        const after = await stored(join(folder, id.slice(0, 2), id));
        const messages = (await logbook.lines(id, 0)).map((line) => line.message);
        const lines = Buffer.from(messages.join('\n'));
        for (const form of secretForms(secret)) {
          for (const [where, bytes] of Object.entries({ before, after, told, lines }))
            assert.ok(!bytes.includes(form), `${where} has ${form}`);
        }
        assert.ok((seal.maskedValues ?? 0) >= 5, `${seal.maskedValues} of header, four times output, failure`);
        assert.equal(messages.length, 8, messages.join('|'));
      },
    ),
    { numRuns: 60 },
  );
});

test('the seal counts masked values, and a log without secrets equals the program’s output', async (t) => {
  const { logbook } = await openLogbook(t);
  const id = randomUUID();
  const log = new BuildLog(await logbook.create(id), { monotonicMs: () => 0, masker: new Masker(['hunter22']) });
  await log.header('header');
  await log.begin('GIT_CLONE');
  await log.output(Buffer.from('hunter22 hunt'));
  await log.output(Buffer.from('er22\nhunter2'));
  await log.fail('it was hunter22');
  const seal = await log.seal(undefined);
  assert.equal(seal.maskedValues, 3);
  assert.deepEqual(
    (await logbook.lines(id, 2)).map((line) => line.message),
    ['*** ***', 'hunter2', 'it was ***', 'fetch stage failed after 0.00 s'],
  );
});

test('the line that ends a stage says whether the stage ended, failed or was cancelled', async (t) => {
  const { logbook } = await openLogbook(t);
  const id = randomUUID();
  const log = new BuildLog(await logbook.create(id), { monotonicMs: () => 0 });
  await log.header('header');
  await log.stage('GIT_CLONE', async () => undefined, stageFailure);
  const stopped = log.stage('DOCKER_IMAGE_BUILD', () => Promise.reject(cancelled('b-2')), stageFailure);
  await assert.rejects(stopped, /took its place/);
  await log.begin('DOCKER_IMAGE_PUSH');
  await log.fail('no space');
  await log.seal(undefined);
  const messages = (await logbook.lines(id, 0)).map(({ message }) => message);
  assert.deepEqual(
    messages.filter((message) => / stage \w+ after /.test(message)),
    ['fetch stage end after 0.00 s', 'build stage cancelled after 0.00 s', 'push stage failed after 0.00 s'],
  );
});
