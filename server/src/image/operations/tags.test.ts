import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callAs, owner } from '#gateway/testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { pushUnderTest } from '../testing/pushed-image.ts';

const START_MS = 1_800_000_000_000;

/** A repository with the tags v0, v1 … of images 0, 1 …, each set a second after the one before it. */
async function makeTags(gateway: GatewayUnderTest, count: number, isImmutable = false) {
  const { instanceId: InstanceId } = gateway;
  await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const name = { InstanceId, RepoNamespaceName: 'team', RepoName: 'app' };
  const made = { ...name, RepoType: 'PRIVATE', Summary: 's', TagImmutability: String(isImmutable) };
  const { RepoId } = await owner(gateway, 'CreateRepository', made);
  const repository = { instanceId: InstanceId, namespaceName: 'team', name: 'app' };
  const { db } = gateway.means;
  for (let image = 0; image < count; image++)
    await pushUnderTest(db, repository, { tag: `v${image}`, image, nowMs: START_MS + image * 1000 });
  return { InstanceId, RepoId: String(RepoId) };
}

test('lists tags newest first with the types of the vendor’s replies, by page and by token', async () => {
  await using gateway = await startGatewayUnderTest();
  const repository = await makeTags(gateway, 5);
  const page = await owner(gateway, 'ListRepoTag', { ...repository, PageSize: '2' });
  const hex = '4'.padStart(64, '0');
  const newest = { Digest: hex, ImageId: hex, ImageSize: 1004, Status: 'NORMAL', Tag: 'v4' };
  const timeMs = START_MS + 4000;
  const [first] = page.Images as object[];
  assert.deepEqual(first, { ...newest, ImageCreate: String(timeMs), ImageUpdate: String(timeMs) });
  assert.deepEqual([page.TotalCount, page.PageNo, page.PageSize], ['5', 1, 2]);
  const one = await owner(gateway, 'GetRepoTag', { ...repository, Tag: 'v4' });
  const { Tag, Digest, ImageCreate, ImageUpdate, IsSuccess } = one;
  assert.deepEqual([Tag, Digest, ImageCreate, ImageUpdate, IsSuccess], ['v4', hex, timeMs, timeMs, true]);

  const seen: unknown[] = [];
  for (let NextToken: string | undefined; NextToken !== ''; ) {
    const given = { ...repository, MaxResults: '2', ...(NextToken === undefined ? {} : { NextToken }) };
    const reply = await owner(gateway, 'ListRepoTag', given);
    seen.push(...(reply.Images as { Tag: string }[]).map((image) => image.Tag));
    NextToken = String(reply.NextToken);
    // A push in between shifts no entry.
    const of = { instanceId: gateway.instanceId, namespaceName: 'team', name: 'app' };
    await pushUnderTest(gateway.means.db, of, { tag: `new${seen.length}`, image: 9, nowMs: START_MS + 99_000 });
  }
  assert.deepEqual(seen, ['v4', 'v3', 'v2', 'v1', 'v0']);
});

test('copies and removes a tag, reports a missing one by its code, and keeps its first and last time apart', async () => {
  await using gateway = await startGatewayUnderTest();
  const repository = await makeTags(gateway, 2);
  const { InstanceId } = repository;
  const name = { InstanceId, NamespaceName: 'team', RepoName: 'app' };
  await owner(gateway, 'CreateRepoTag', { ...name, FromTag: 'v0', ToTag: 'stable' });
  await owner(gateway, 'CreateRepoTag', { ...name, FromTag: 'v1', ToTag: 'stable' });
  const stable = await owner(gateway, 'GetRepoTag', { ...repository, Tag: 'stable' });
  assert.equal(stable.Digest, '1'.padStart(64, '0'));
  assert.ok(Number(stable.ImageCreate) <= Number(stable.ImageUpdate));
  await owner(gateway, 'CreateRepoTag', { ...name, FromTag: 'stable', ToTag: 'stable' });
  await owner(gateway, 'DeleteRepoTag', { ...repository, Tag: 'stable' });
  assert.equal((await owner(gateway, 'ListRepoTag', repository)).TotalCount, '2');
  for (const [action, given, status, code] of [
    ['GetRepoTag', { ...repository, Tag: 'stable' }, 404, 'TAG_NOT_EXIST'],
    ['DeleteRepoTag', { ...repository, Tag: 'stable' }, 404, 'TAG_NOT_EXIST'],
    ['CreateRepoTag', { ...name, FromTag: 'stable', ToTag: 'x' }, 404, 'TAG_NOT_EXIST'],
    ['CreateRepoTag', { ...name, FromTag: 'v0', ToTag: '.x' }, 400, 'InvalidParameter'],
    ['CreateRepoTag', { ...name, RepoName: 'none', FromTag: 'v0', ToTag: 'x' }, 404, 'REPO_NOT_EXIST'],
    ['ListRepoTag', { ...repository, RepoId: 'crr-none' }, 404, 'REPO_NOT_EXIST'],
    ['ListRepoTag', { ...repository, NextToken: 'x' }, 400, 'InvalidParameter'],
  ] as const) {
    const { status: got, body } = await callAs(gateway, gateway, action, given);
    assert.deepEqual([got, body.Code], [status, code], JSON.stringify([action, given]));
  }
});

test('refuses to move a tag of an immutable repository through the API, and lets it be deleted', async () => {
  await using gateway = await startGatewayUnderTest();
  const repository = await makeTags(gateway, 2, true);
  const name = { InstanceId: repository.InstanceId, NamespaceName: 'team', RepoName: 'app' };
  const refused = await callAs(gateway, gateway, 'CreateRepoTag', { ...name, FromTag: 'v0', ToTag: 'v1' });
  assert.deepEqual([refused.status, refused.body.Code], [409, 'TAG_IMMUTABLE']);
  await owner(gateway, 'CreateRepoTag', { ...name, FromTag: 'v1', ToTag: 'latest' });
  await owner(gateway, 'CreateRepoTag', { ...name, FromTag: 'v0', ToTag: 'latest' });
  await owner(gateway, 'DeleteRepoTag', { ...repository, Tag: 'v1' });
  await owner(gateway, 'CreateRepoTag', { ...name, FromTag: 'v0', ToTag: 'v1' });
});
