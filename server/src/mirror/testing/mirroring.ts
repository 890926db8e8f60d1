import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { ACCOUNT_AUTHOR } from '#account/rule-author.ts';
import { transaction } from '#db/transaction.ts';
import { Jobs } from '#job/jobs.ts';
import { jobEnd } from '#job/testing/job-end.ts';
import { type RegistryUnderTest, ROOT_PASSWORD, ROOT_USER } from '#routes/testing/registry.ts';
import { RegistryClient } from '#routes/testing/registry-client.ts';
import { newId } from '#rpc/new-id.ts';
import { MIRROR, type SubscriptionRule } from '#subscription/subscription.ts';
import { beginTask, findSubscriptionTask, listResults } from '#subscription/subscription-task-store.ts';
import { type MirrorMeans, mirrorRunner } from '../mirror-job.ts';
import { parseProviders } from '../provider-settings.ts';

const INSTANCE = 'cri-1';

/** How the registry is reached that images are mirrored from. */
interface MirroringOptions {
  /** Its URL. */
  registry: string;
  login?: object;
  listing?: object;
  pin?: MirrorMeans['access']['pin'];
  pausesMs?: readonly number[];
}

/** Mirrors to a registry under test from the provider UP. */
export async function startMirroring(context: TestContext, here: RegistryUnderTest, options: MirroringOptions) {
  const { db } = here.images;
  const clock = { nowMs: Date.now() };
  const now = () => clock.nowMs;
  const jobs = new Jobs({ nodeId: 'node-1', db, now, report: (message, error) => assert.ifError(error ?? message) });
  context.after(() => jobs.close());
  const own = here.images;
  const quotas = { namespaces: 100, repositories: 100, chartNamespaces: 1, chartRepositories: 1 };
  const means = {
    db,
    now,
    newId,
    quotas,
    jobsChanged: () => undefined,
    accountId: '1',
    regionId: 'local',
    noteDecision: () => undefined,
  };
  const login = options.login ?? { user: ROOT_USER, password: ROOT_PASSWORD };
  const { registry } = options;
  const providers = parseProviders(JSON.stringify([{ name: 'UP', registry, ...login, ...options.listing }]));
  const access = { pin: options.pin ?? (async () => ({ address: '127.0.0.1' })), authorities: undefined };
  const runner = mirrorRunner({ means, own, providers, access }, options.pausesMs ?? []);
  jobs.register(MIRROR, runner);
  await jobs.start();
  const begin = async (change: Partial<SubscriptionRule>) => {
    const rule: SubscriptionRule = {
      ruleId: newId('crasr'),
      instanceId: INSTANCE,
      provider: 'UP',
      createdMs: 1,
      modifiedMs: 1,
      sourceNamespaceName: 'up',
      sourceRepoName: 'app',
      namespaceName: 'team',
      repoName: 'app',
      tagRegexp: '.*',
      tagCount: 1,
      platforms: ['linux/amd64'],
      overrides: false,
      accelerates: false,
      author: ACCOUNT_AUTHOR,
      ...change,
    };
    await RegistryClient.open(here, `${rule.namespaceName}/${rule.repoName}`);
    const taskId = newId('crast');
    const asked = { taskId, type: 'MANUAL' as const, askedBy: 'tester', author: rule.author, nowMs: now() };
    await transaction(db, (trx) => beginTask(trx, rule, asked));
    jobs.wake();
    return { taskId, ended: jobEnd(db, taskId) };
  };
  /** Runs a rule to its end; gives its outcome, its message and its tags. */
  const run = async (change: Partial<SubscriptionRule>) => {
    const { taskId, ended } = await begin(change);
    await ended;
    return outcomeOf(taskId);
  };
  const outcomeOf = async (taskId: string) => {
    const task = await findSubscriptionTask(db, taskId);
    const { results } = await listResults(db, taskId, { limit: 100, offset: 0 });
    const { outcome, message = '', tagTotal, tagsChosen } = task ?? {};
    const tags = results.map(({ tag, result }) => `${tag} ${result}`);
    return { outcome, message, counts: [tagTotal, tagsChosen], tags };
  };
  return { jobs, clock, begin, run, outcomeOf };
}
