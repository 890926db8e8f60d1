import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRepositoryUnderTest } from '#build/testing/repository.ts';
import { listDeliveries } from '#delivery/delivery-store.ts';
import { takeBatch } from '#event/event-consumers.ts';
import { eventTransaction, insertEvent } from '#event/event-store.ts';
import { pushUnderTest } from '#image/testing/pushed-image.ts';
import { triggerEvents } from './trigger-events.ts';

const URL_WITH_LOGIN = 'https://ci:s3cret@ci.example.com/hook?token=abc';
const REPOSITORY = { namespaceName: 'team', name: 'app' };

async function startTriggers() {
  const repository = await startRepositoryUnderTest({ bound: false });
  const { gateway, call } = repository;
  const { db, now } = gateway.means;
  const consumer = triggerEvents(gateway.means, async () => false);
  await takeBatch(db, consumer);
  return {
    repository,
    db,
    call,
    async create(params: Record<string, string> = {}) {
      const given = { TriggerName: 'deploy', TriggerType: 'ALL', TriggerUrl: URL_WITH_LOGIN, ...params };
      return call('CreateRepoTrigger', given);
    },
    push: (tag: string) =>
      pushUnderTest(db, { instanceId: gateway.instanceId, ...REPOSITORY }, { tag, image: 1, nowMs: now() }),
    take: () => takeBatch(db, consumer),
    async sent(triggerId: string) {
      const filter = { receiverIds: [triggerId], withUntriggered: true };
      return (await listDeliveries(db, filter, { limit: 100 })).reverse();
    },
    [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose](),
  };
}

test('creates a trigger, lists it as it was sent, changes parts of it and deletes it', async () => {
  await using triggers = await startTriggers();
  const { body: made } = await triggers.create({ TriggerType: 'TAG_LISTTAG', TriggerTag: ' v1, v2' });
  const TriggerId = String(made.TriggerId);
  assert.match(TriggerId, /^crw-[a-z0-9]{16}$/);
  const listed = async () => (await triggers.call('ListRepoTrigger')).body.Triggers;
  const shown = {
    RepoEvent: 'BUILD_SUCCESS',
    TriggerId,
    TriggerName: 'deploy',
    TriggerUrl: URL_WITH_LOGIN,
    TriggerType: 'TAG_LISTTAG',
    TriggerTag: ' v1, v2',
  };
  assert.deepEqual(await listed(), [shown]);
  assert.equal((await triggers.call('UpdateRepoTrigger', { TriggerId, TriggerName: 'other' })).status, 200);
  assert.deepEqual(await listed(), [{ ...shown, TriggerName: 'other' }]);
  const noTag = await triggers.call('UpdateRepoTrigger', { TriggerId, TriggerType: 'TAG_REG_EXP' });
  assert.match(String(noTag.body.Message), /TriggerTag/);
  const expression = { TriggerId, TriggerType: 'TAG_REG_EXP', TriggerTag: ' v.*' };
  assert.equal((await triggers.call('UpdateRepoTrigger', expression)).status, 200);
  assert.deepEqual(await listed(), [
    { ...shown, TriggerName: 'other', TriggerType: 'TAG_REG_EXP', TriggerTag: ' v.*' },
  ]);
  assert.equal((await triggers.call('DeleteRepoTrigger', { TriggerId })).status, 200);
  assert.deepEqual(await listed(), []);
  for (const action of ['DeleteRepoTrigger', 'UpdateRepoTrigger'])
    assert.equal((await triggers.call(action, { TriggerId })).body.Code, 'TRIGGER_NOT_EXIST');
});

test('names a wrong parameter of a trigger and its mistake, and repeats no password of an address', async () => {
  await using triggers = await startTriggers();
  const wrong: [params: Record<string, string>, message: RegExp][] = [
    [{ TriggerUrl: 'ftp://u:s3cret@x.example/' }, /TriggerUrl.*http:\/\/ and https:\/\//],
    [{ TriggerUrl: 'x' }, /TriggerUrl/],
    [{ TriggerUrl: 'https://x.example/ y' }, /TriggerUrl/],
    [{ TriggerUrl: 'https://x.example/#part' }, /after #/],
    [{ TriggerUrl: `https://x.example/${'x'.repeat(2048)}` }, /2048 is the limit/],
    [{ TriggerName: 'x'.repeat(65) }, /TriggerName.*1 to 64/],
    [{ TriggerType: 'SOME' }, /TriggerType/],
    [{ TriggerType: 'TAG_LIST' }, /TriggerTag/],
    [{ TriggerType: 'TAG_LIST', TriggerTag: ' ' }, /TriggerTag/],
    [{ TriggerType: 'TAG_LIST', TriggerTag: 'v1,,v2' }, /"" is not a tag/],
    [{ TriggerType: 'TAG_LIST', TriggerTag: 'a'.repeat(200) }, /is not a tag/],
    [{ TriggerType: 'TAG_LIST', TriggerTag: Array(101).fill('v').join() }, /100 is the limit/],
    [{ TriggerType: 'TAG_REG_EXP', TriggerTag: '(' }, /not a regular expression/],
    [{ TriggerType: 'TAG_REG_EXP', TriggerTag: 'x'.repeat(257) }, /256 is the limit/],
  ];
  for (const [params, message] of wrong) {
    const { status, body } = await triggers.create(params);
    assert.equal(status, 400, JSON.stringify(params));
    assert.match(String(body.Message), message);
    assert.doesNotMatch(JSON.stringify(body), /s3cret/);
  }
  assert.equal((await triggers.create()).status, 200);
  assert.equal((await triggers.create()).body.Code, 'TRIGGER_ALREADY_EXIST');
  for (let i = 1; i < 10; i++) assert.equal((await triggers.create({ TriggerName: `t${i}` })).status, 200);
  assert.equal((await triggers.create({ TriggerName: 't10' })).body.Code, 'TRIGGER_LIMIT_EXCEEDED');
});

test('sends each tag that is set once to the triggers that it matches, and records it as untriggered for the others', async () => {
  await using triggers = await startTriggers();
  const ids = [];
  for (const [TriggerType, TriggerTag] of [
    ['ALL', ''],
    ['TAG_LIST', 'v1, v3'],
    ['TAG_REG_EXP', ' v[12]'],
  ])
    ids.push(
      String(
        (
          await triggers.create({
            TriggerName: `${TriggerType}`,
            TriggerType: `${TriggerType}`,
            ...(TriggerTag ? { TriggerTag } : {}),
          })
        ).body.TriggerId,
      ),
    );
  for (const tag of ['v1', 'v2', 'v3', 'v12']) await triggers.push(tag);
  await triggers.take();
  await triggers.take();
  const found = await Promise.all(
    ids.map(async (id) => (await triggers.sent(id)).map(({ tag, state }) => `${tag} ${state}`)),
  );
  assert.deepEqual(found, [
    ['v1 waiting', 'v2 waiting', 'v3 waiting', 'v12 waiting'],
    ['v1 waiting', 'v2 untriggered', 'v3 waiting', 'v12 untriggered'],
    ['v1 waiting', 'v2 waiting', 'v3 untriggered', 'v12 untriggered'],
  ]);
});

test('calls no trigger for a tag that replication sets', async () => {
  await using triggers = await startTriggers();
  const { body } = await triggers.create();
  const { repoId, gateway } = triggers.repository;
  const set = { repoId, tag: 'v1', digest: 'sha256:0', mediaType: 'x', origin: 'sync', pushedBy: 'sync' };
  await eventTransaction(triggers.db, (trx) => insertEvent(trx, 'tag_set', set, gateway.means.now()));
  await triggers.take();
  assert.deepEqual(
    (await triggers.sent(String(body.TriggerId))).map(({ state }) => state),
    ['untriggered'],
  );
});

test('deletes triggers with their repository', async () => {
  await using triggers = await startTriggers();
  await triggers.create();
  await triggers.push('v1');
  await triggers.take();
  assert.equal((await triggers.call('DeleteRepository')).status, 200);
  await triggers.take();
  for (const table of ['repo_trigger', 'receiver', 'delivery'] as const)
    assert.deepEqual(await triggers.db.selectFrom(table).selectAll().execute(), []);
});

/** The fields that public receivers of these triggers read from a body. */
interface Payload {
  push_data: { digest: string; pushed_at: string; tag: string };
  repository: Record<string, string>;
}
const RECEIVERS: Record<string, [read: (payload: Payload) => string, expected: string]> = {
  'the image to deploy, by region and names': [
    ({ push_data: { tag }, repository: { region, namespace, name } }) =>
      `registry.${region}.example/${namespace}/${name}:${tag}`,
    'registry.local.example/team/app:v1',
  ],
  'the workload of a full name': [
    ({ push_data: { tag }, repository }) => [...String(repository.repo_full_name).split('/'), tag].join(' '),
    'team app v1',
  ],
  'the image by digest': [
    ({ push_data: { digest }, repository: { repo_full_name: name } }) => `${name}@${digest.slice(0, 15)}`,
    'team/app@sha256:00000000',
  ],
  'the time of the push, in one form': [
    ({ push_data: { pushed_at: time }, repository: { date_created: created = '' } }) =>
      String([time, created].every((each) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(each))),
    'true',
  ],
  'whether it is public': [({ repository }) => String(repository.repo_type), 'PRIVATE'],
};

test('the payload has the fields that published receivers read', async () => {
  await using triggers = await startTriggers();
  const { body } = await triggers.create();
  await triggers.push('v1');
  await triggers.take();
  const [delivery] = await triggers.sent(String(body.TriggerId));
  const payload: Payload = JSON.parse(delivery?.body ?? '');
  for (const [what, [read, expected]] of Object.entries(RECEIVERS)) assert.equal(read(payload), expected, what);
  assert.deepEqual(Object.keys(payload.repository).sort(), [
    ...['date_created', 'name', 'namespace', 'region', 'repo_authentication_type', 'repo_full_name'],
    ...['repo_origin_type', 'repo_type'],
  ]);
});
