import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { vendorClients } from '../support/api/vendor-clients.ts';
import { buildKey, readLogWith } from '../support/log-reader.ts';
import {
  firstUuid,
  native,
  pairOf,
  printedLines,
  slipway,
  startServer,
  summaryValue,
  temporaryFolder,
} from '../support/slipway.ts';

test('build examples/hello shows the numbered, staged log, pushes an image, and every official client reads the same lines', async (t) => {
  const dataFolder = join(temporaryFolder(t), 'data');
  const built = await slipway(['build', 'examples/hello', '--data', dataFolder]);
  assert.equal(built.code, 0, built.stderr);
  const id = firstUuid(built.stdout);
  const lines = printedLines(built.stdout);
  assert.equal(summaryValue(built.stdout, 'BuildRecordId'), id);
  assert.deepEqual(
    lines.map((line) => line.LineNumber),
    lines.map((_, index) => index + 1),
  );
  assert.deepEqual(lines[1], { LineNumber: 2, Message: 'fetch stage begin', BuildStage: 'GIT_CLONE' });
  assert.deepEqual(
    [...new Set(lines.map((line) => line.BuildStage))],
    ['GIT_CLONE', 'DOCKER_IMAGE_BUILD', 'DOCKER_IMAGE_PUSH'],
  );
  const complaints = lines.filter((line) => /warning|\berror\b/i.test(line.Message));
  assert.deepEqual(complaints, [], 'the builder has no complaint about a good build');

  const server = await startServer(t, { dataFolder });
  const key = await buildKey(server.client, id);
  const target = { ...pairOf(server.root), host: new URL(server.root.Endpoint).host };
  for (const client of vendorClients(target))
    assert.deepEqual(await readLogWith(client, key), lines, `read with ${client.name}`);

  const digest = summaryValue(built.stdout, 'Digest');
  const host = new URL(server.root.Endpoint).host;
  const raw = execFileSync('skopeo', [
    'inspect',
    '--tls-verify=false',
    '--creds',
    `${server.root.AccessKeyId}:${server.root.AccessKeySecret}`,
    `docker://${host}/local/hello:latest`,
  ]);
  assert.equal((JSON.parse(raw.toString()) as { Digest: string }).Digest, digest);
});

// One server for the builds that fail.
const server = await startServer({ after });

test('build examples/failing exits 1; the last line closes the stage, the one before names the step and its exit code', async () => {
  const failed = await slipway(['build', 'examples/failing', '--data', server.dataFolder]);
  assert.equal(failed.code, 1, failed.stderr);
  const [reason, closing] = printedLines(failed.stdout).slice(-2);
  assert.match(closing?.Message ?? '', /^build stage failed after \d+\.\d\d s$/);
  assert.match(reason?.Message ?? '', /^step 3\/4 failed with exit code 7: RUN /);
  assert.equal(summaryValue(failed.stdout, 'Status'), 'FAILED');
  const { Seal } = await native(server.client, `/api/v1/builds/${firstUuid(failed.stdout)}`);
  assert.equal((Seal as { verdict: string }).verdict, 'complete');

  const again = await slipway(['logs', firstUuid(failed.stdout), '--data', server.dataFolder]);
  assert.deepEqual(printedLines(again.stdout), printedLines(failed.stdout));
});

test('an interrupted build is cancelled: exit 130, the record CANCELED, its log sealed with the reason', async () => {
  let sent = false;
  const cancelled = await slipway(['build', 'examples/chatty', '--data', server.dataFolder], {
    onStart: (child) =>
      child.stdout?.on('data', (text: string) => {
        if (sent || !text.includes('DOCKER_IMAGE_BUILD')) return;
        sent = true;
        child.kill('SIGINT');
      }),
  });
  assert.equal(cancelled.code, 130, cancelled.stderr);
  const [reason, closing] = printedLines(cancelled.stdout).slice(-2);
  assert.equal(reason?.Message, 'the build was cancelled');
  assert.match(closing?.Message ?? '', /^build stage cancelled after/);
  const record = await native(server.client, `/api/v1/builds/${firstUuid(cancelled.stdout)}`);
  assert.equal(record.Status, 'CANCELED');
  assert.equal((record.Seal as { verdict: string }).verdict, 'complete');
});
