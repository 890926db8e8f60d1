import assert from 'node:assert/strict';
import { test } from 'node:test';
import { updateCommit } from '#build/build-store.ts';
import { endBuildRecord } from '#build/queue/queue-store.ts';
import { claimBuildUnderTest } from '#build/testing/insert-build-record.ts';
import { startRepositoryUnderTest } from '#build/testing/repository.ts';
import { takeBatch } from '#event/event-consumers.ts';
import { Jobs } from '#job/jobs.ts';
import { findCodeHost, saveCodeHost } from '#source/hosts/code-host-store.ts';
import { commitStatusEvents } from './commit-status-events.ts';
import { COMMIT_STATUS, type CommitStatusMeans, commitStatusRunner, type StatusReply } from './commit-status-job.ts';
import type { StatusCall } from './status-call.ts';

const COMMIT = { commitId: 'c'.repeat(40), author: 'Ada', message: 'First' };

/** A repository whose code host answers as `answer` says, and the jobs that tell it. */
async function startStatuses(answer: (call: StatusCall) => StatusReply | Promise<StatusReply>) {
  const repository = await startRepositoryUnderTest();
  const { means, instanceId } = repository.gateway;
  const host = {
    codeRepoType: 'GITLAB' as const,
    baseUrl: 'https://git.example',
    login: undefined,
    allowPrivate: false,
  };
  const statuses = { api: 'GITEA' as const, apiUrl: 'https://git.example/api/v1', token: 's3cret' };
  await saveCodeHost(means, instanceId, { ...host, statuses }, 1);
  const sent: StatusCall[] = [];
  const kept: string[] = [];
  const send: CommitStatusMeans['send'] = async (call) => {
    sent.push(call);
    return answer(call);
  };
  const jobs = new Jobs({ nodeId: 'node-1', db: means.db, now: means.now, report: () => undefined });
  const running = { ...means, publicUrl: 'https://build.example', keepOut: (token: string) => kept.push(token), send };
  jobs.register(COMMIT_STATUS, commitStatusRunner(running));
  const consumer = commitStatusEvents();
  await takeBatch(means.db, consumer);
  await jobs.start();
  return {
    repository,
    means,
    instanceId,
    sent,
    kept,
    /** Passes what happened on, and waits until the jobs are done. */
    async settle() {
      await takeBatch(means.db, consumer);
      jobs.wake();
      const left = () =>
        means.db.selectFrom('job').select('job_id').where('state', 'in', ['PENDING', 'RUNNING']).execute();
      while ((await left()).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    failure: async () => (await findCodeHost(means.db, instanceId, 'GITLAB'))?.statusFailure?.message,
    async [Symbol.asyncDispose]() {
      await jobs.close();
      await repository[Symbol.asyncDispose]();
    },
  };
}

async function requestBuild(under: Awaited<ReturnType<typeof startStatuses>>): Promise<string> {
  const BuildRuleId = await under.repository.addRule();
  return String((await under.repository.call('CreateBuildRecordByRule', { BuildRuleId })).body.BuildRecordId);
}

test('a commit gets the status of its build once the commit is known and when the build has failed, with the reason', async () => {
  await using under = await startStatuses(() => ({ httpStatus: 201, text: '{}' }));
  const buildRecordId = await requestBuild(under);
  const { db } = under.means;
  await under.settle();
  assert.equal(under.sent.length, 0, 'the commit is not known yet');

  const holder = await claimBuildUnderTest(db);
  await updateCommit(db, holder, COMMIT, 3);
  await under.settle();
  const failure = { fault: 'source' as const, message: 'RUN make: exit 2', summary: 'exit 2\nmore' };
  await endBuildRecord(db, holder, { status: 'FAILED', endedMs: 5, failure });
  await under.settle();
  assert.deepEqual(
    under.sent.map(({ url, body }) => [url, body.state, body.description, body.context]),
    [
      [
        `https://git.example/api/v1/repos/team/app/statuses/${COMMIT.commitId}`,
        'pending',
        'Building',
        'slipway/team/app:latest',
      ],
      [
        `https://git.example/api/v1/repos/team/app/statuses/${COMMIT.commitId}`,
        'failure',
        'exit 2',
        'slipway/team/app:latest',
      ],
    ],
  );
  assert.equal(under.sent[0]?.body.target_url, `https://build.example/console/builds/${buildRecordId}`);
  assert.ok(under.kept.includes('s3cret'));
  assert.equal(await under.failure(), undefined);
});

test('a refused status is shown with the code host, without the token, until one is set', async () => {
  const answers = { httpStatus: 403 };
  await using under = await startStatuses(() => ({ ...answers, text: 's3cret is not allowed' }));
  await requestBuild(under);
  const holder = await claimBuildUnderTest(under.means.db);
  await updateCommit(under.means.db, holder, COMMIT, 3);
  await under.settle();
  assert.equal(await under.failure(), 'git.example answered HTTP 403: the token may not set statuses of commits');
  answers.httpStatus = 200;
  await updateCommit(under.means.db, holder, COMMIT, 4);
  await under.settle();
  assert.equal(await under.failure(), undefined);
});

test('the newest status of a build is the last one that its code host gets, however slowly it answers', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  await using under = await startStatuses(async ({ body }) => {
    ask();
    if (body.state === 'pending') await released;
    return { httpStatus: 201, text: '' };
  });
  const { db } = under.means;
  await requestBuild(under);
  const holder = await claimBuildUnderTest(db);
  await updateCommit(db, holder, COMMIT, 3);
  const settled = under.settle();
  await asked;
  await endBuildRecord(db, holder, { status: 'CANCELED', endedMs: 5 });
  const all = under.settle();
  release();
  await Promise.all([settled, all]);
  assert.deepEqual(
    under.sent.map(({ body }) => [body.state, body.description]),
    [
      ['pending', 'Building'],
      ['error', 'Cancelled'],
    ],
  );
});
