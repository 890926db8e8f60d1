import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { test } from 'node:test';
import { findBuildRecord } from '#build/build-store.ts';
import { claimBuildRecord } from '#build/queue/queue-store.ts';
import { Port } from '../../port/port.ts';
import { countRecords, SECRET, sign, startHook } from '../testing/hook.ts';
import { sendWhenAsked } from '../testing/waiting-request.ts';

const COMMIT = 'c'.repeat(40);
const PUSH = { ref: 'refs/heads/main', after: COMMIT, repository: { full_name: 'team/app' } };

test('queues a build of a pushed commit for every rule that matches, and for no other', async () => {
  await using hook = await startHook();
  const { repository, send } = hook;
  await repository.addRule({ ImageTag: 'one' });
  await repository.addRule({ PushName: '(?<branch>m.*)', ImageTag: 'of-${branch}' });
  await repository.addRule({ PushName: 'dev', ImageTag: 'no' });
  await repository.addRule({ PushType: 'GIT_TAG', ImageTag: 'no' });
  const { status, body } = await send(PUSH);
  assert.equal(status, 200);
  assert.deepEqual(
    body.Builds?.map((build) => build.ImageTag),
    ['one', 'of-main'],
  );
  assert.equal(repository.gateway.queuedBuilds(), 1);
  const record = await findBuildRecord(repository.gateway.means.db, body.Builds?.[0]?.BuildRecordId ?? '');
  assert.deepEqual(record?.source, {
    kind: 'code-host',
    type: 'GITLAB',
    namespaceName: 'team',
    name: 'app',
    ref: 'refs/heads/main',
    commitId: COMMIT,
  });
  const tag = await send({ ...PUSH, ref: 'refs/tags/main', checkout_sha: 'd'.repeat(40) });
  assert.deepEqual(
    tag.body.Builds?.map((build) => build.ImageTag),
    ['no'],
  );
});

test('accepts events of GitHub, GitLab, Gitea and Gitee, each with its own signature over the unchanged bytes', async () => {
  await using hook = await startHook();
  await hook.repository.addRule();
  const events: [headers: (body: string) => Record<string, string>, event: object][] = [
    [
      (body) => ({ 'x-hub-signature-256': `sha256=${sign(body)}`, 'x-github-delivery': randomUUID() }),
      { ...PUSH, after: '1'.repeat(40), deleted: false },
    ],
    [
      (body) => ({
        'x-gitea-signature': sign(body),
        'x-hub-signature-256': `sha256=${sign(body)}`,
        'x-gitea-delivery': randomUUID(),
      }),
      { ...PUSH, after: '2'.repeat(40) },
    ],
    [
      () => ({ 'x-gitlab-token': SECRET, 'x-gitlab-event-uuid': randomUUID() }),
      { ref: PUSH.ref, after: '3'.repeat(40), object_kind: 'push', project: { path_with_namespace: 'team/app' } },
    ],
    [() => ({ 'x-gitee-token': SECRET }), { ...PUSH, after: '4'.repeat(40), hook_name: 'push_hooks' }],
  ];
  for (const [headers, event] of events) {
    // Parsed and written again, it would be another text.
    const text = JSON.stringify(event, null, 3);
    const { status, body } = await hook.send(text, headers(text));
    assert.deepEqual([status, body.Builds?.length], [200, 1], JSON.stringify(body));
  }
});

test('builds once for a hundred parallel copies of a delivery, and for a later copy under another id', async () => {
  await using hook = await startHook();
  const { repository, send } = hook;
  await repository.addRule();
  const body = JSON.stringify(PUSH);
  const headers = { 'x-hub-signature-256': `sha256=${sign(body)}`, 'x-github-delivery': 'delivery-1' };
  const replies = await Promise.all(Array.from({ length: 100 }, () => send(body, headers)));
  assert.ok(replies.every(({ status }) => status === 200));
  assert.equal(replies.flatMap((reply) => reply.body.Builds ?? []).length, 1);
  const replay = await send(body, { ...headers, 'x-github-delivery': 'delivery-2' });
  assert.deepEqual(replay.body.Notes, ['this delivery was already processed']);
  // Another event of the same push, as a second hook of the same repository sends it.
  const again = await send({ ...PUSH, pusher: 'x' });
  assert.match(again.body.Notes?.[0] ?? '', /already has a build of this commit in progress/);
  assert.equal(await countRecords(repository), 1);
});

test('builds nothing, and says why: AutoBuild off, no rule, another repository, deletions, pings, invalid tag names', async () => {
  await using hook = await startHook();
  const { repository, send } = hook;
  await repository.addRule({ PushName: 'feature/(?<rest>.+)', ImageTag: '${rest}' });
  for (const [event, note] of [
    [PUSH, /no rule matches main/],
    [{ ...PUSH, repository: { full_name: 'team/other' } }, /another repository than team\/app/],
    [{ ...PUSH, deleted: true }, /was deleted/],
    [{ ...PUSH, after: '0'.repeat(40) }, /was deleted/],
    [{ zen: 'Speak like a human.' }, /not a push/],
    [{ ...PUSH, ref: 'refs/notes/x' }, /neither a branch nor a tag/],
    [{ ...PUSH, ref: 'refs/heads/--upload-pack=x' }, /is not a name that can be built: it begins with -/],
    [{ ...PUSH, after: 'main' }, /is not a commit/],
    [{ ...PUSH, ref: 'refs/heads/feature/a/b' }, /"a\/b", which is not a tag/],
  ] as const) {
    const { status, body } = await send(event);
    assert.deepEqual([status, body.Builds], [200, []], JSON.stringify(event));
    assert.match(body.Notes?.join() ?? '', note);
  }
  await using off = await startHook({ autoBuild: false });
  await off.repository.addRule();
  assert.match((await off.send(PUSH)).body.Notes?.join() ?? '', /AutoBuild is off/);
  assert.equal((await countRecords(repository)) + (await countRecords(off.repository)), 0);
});

test('refuses events that are unsigned, not JSON or for no hook, in the vendor’s error format', async () => {
  await using hook = await startHook();
  const { repository, send } = hook;
  await repository.addRule();
  const token = { 'x-gitlab-token': SECRET };
  for (const [reply, status, code] of [
    [await send(PUSH, {}), 403, 'HOOK_SIGNATURE_REFUSED'],
    [await send(PUSH, { 'x-gitlab-token': 'wrong' }), 403, 'HOOK_SIGNATURE_REFUSED'],
    [await send('not json', {}), 403, 'HOOK_SIGNATURE_REFUSED'],
    [await send('not json', token), 400, 'InvalidParameter'],
    [await send('[]', token), 400, 'InvalidParameter'],
    [
      await send('payload=%7B%7D', { ...token, 'content-type': 'application/x-www-form-urlencoded' }),
      400,
      'InvalidParameter',
    ],
    [await send(PUSH, token, 'hook-2'), 404, 'HOOK_NOT_EXIST'],
  ] as const) {
    assert.deepEqual([reply.status, reply.body.Code], [status, code]);
    assert.ok(!JSON.stringify(reply.body).includes(SECRET));
  }
  assert.equal(await countRecords(repository), 0);
});

test('with the setting on, a push cancels the older builds of the same rule, and its own stays', async () => {
  await using hook = await startHook({ supersede: true });
  const { repository, send } = hook;
  const { db } = repository.gateway.means;
  await repository.addRule();
  const running = (await send({ ...PUSH, after: '1'.repeat(40) })).body.Builds?.[0]?.BuildRecordId ?? '';
  await claimBuildRecord(db, { owner: 'a', nowMs: 1, leaseMs: 1 }, { perInstance: 9, perRepository: 9 });
  const newest = (await send({ ...PUSH, after: '2'.repeat(40) })).body.Builds?.[0]?.BuildRecordId ?? '';
  const [older, newer] = [await findBuildRecord(db, running), await findBuildRecord(db, newest)];
  assert.deepEqual([older?.cancelRequested, older?.supersededBy], [true, newest]);
  assert.equal(newer?.cancelRequested, false);
});

test('reads nothing for an unknown hook or a wrong secret, and limits the memory for bodies whose signature must be checked', async (t) => {
  await using hook = await startHook();
  await hook.repository.addRule();
  const port = await Port.bind({ host: '127.0.0.1', port: 0 });
  await hook.app.ready();
  port.serve(() => undefined, hook.app);
  t.after(() => port.close(0));
  const type = { 'content-type': 'text/plain' };
  const large = Buffer.alloc(25 * 2 ** 20);
  const post = (id: string, headers: Record<string, string>, body: Buffer) =>
    sendWhenAsked(`${port.url}/hooks/${id}`, { headers: { ...type, ...headers }, body });
  for (const [id, headers, status] of [
    ['nobody', { 'x-gitlab-token': SECRET }, 404],
    ['hook-1', {}, 403],
    ['hook-1', { 'x-gitlab-token': 'wrong' }, 403],
    ['hook-1', { 'x-gitee-token': 'wrong' }, 403],
  ] as const) {
    const refused = await post(id, headers, large);
    assert.deepEqual([refused.asked, refused.status], [false, status], refused.text);
  }
  const tooLarge = await post('hook-1', { 'x-gitlab-token': SECRET }, Buffer.alloc(large.length + 1));
  assert.deepEqual([tooLarge.asked, tooLarge.status], [false, 413], tooLarge.text);

  // Anyone who knows the hook's address may send a body; its signature can be checked only once it is complete.
  const answers: string[] = [];
  const head = `POST /hooks/hook-1 HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\nx-hub-signature-256: x\r\n`;
  const { hostname, port: number } = new URL(port.url);
  for (let count = 0; count < 60; count++) {
    const socket = connect(Number(number), hostname);
    t.after(() => socket.destroy());
    socket.on('error', () => socket.destroy()).on('data', (chunk) => answers.push(String(chunk)));
    socket.write(`${head}content-length: ${large.length}\r\n\r\n`);
  }
  while (answers.length < 58) await new Promise(setImmediate);
  assert.ok(
    answers.every((text) => /^HTTP\/1\.1 503 .*\r\nretry-after: 1\r\n/s.test(text)),
    answers[0],
  );
  assert.equal(hook.bodies.heldBytes, 2 * large.length);
});
