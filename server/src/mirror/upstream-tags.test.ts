import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { RegistryError } from '#registry/foreign/registry-error.ts';
import { retryAfterMs } from '#registry/foreign/retry-after.ts';
import { listen } from '#registry/testing/foreign-registry.ts';
import { readNamePattern } from '#rpc/name-pattern.ts';
import { compareVersions, newestTags } from './newest-tags.ts';
import { type Listing, parseProviders } from './provider-settings.ts';
import { listUpstreamTags } from './upstream-tags.ts';

type Answers = Record<string, { status?: number; headers?: Record<string, string>; body?: unknown }>;

/** A registry that answers some paths, and 404 for all others; notes what it was asked for. */
async function startUpstream(context: TestContext, listing: Listing, answers: Answers) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const { status = 200, headers = {}, body = {} } = answers[request.url ?? ''] ?? { status: 404 };
    response.writeHead(status, headers).end(JSON.stringify(body));
  });
  const registry = `http://127.0.0.1:${await listen(context, server)}`;
  const [provider] = parseProviders(JSON.stringify([{ name: 'UP', registry, listing }])).slice(-1);
  assert.ok(provider);
  const access = { pin: async () => ({ address: '127.0.0.1' }), tlsVerify: false };
  const list = (enough = Number.POSITIVE_INFINITY) =>
    listUpstreamTags({ provider, repository: 'up/app', access }, async (tags) => tags.length >= enough);
  return { list, asked };
}

const HUB = '/v2/repositories/up/app/tags?page_size=100&ordering=last_updated&page=';

test('Docker Hub’s list is read page by page until it is enough, with its dates and its count', async (context) => {
  const tag = (name: string, last_updated: string) => ({ name, last_updated });
  const { list, asked } = await startUpstream(context, 'docker-hub', {
    [`${HUB}1`]: { body: { count: 311, next: 'more', results: [tag('b', '2026-01-02T00:00:00Z'), { name: 5 }] } },
    [`${HUB}2`]: { body: { count: 311, next: null, results: [tag('a', 'yesterday')] } },
  });
  assert.deepEqual(await list(1), { tags: [{ name: 'b', updatedMs: Date.UTC(2026, 0, 2) }], total: 311 });
  assert.equal(asked.length, 1);
  assert.deepEqual((await list()).tags.map(({ name, updatedMs }) => [name, updatedMs]).at(1), ['a', undefined]);
});

test('Quay’s list has seconds, and a registry whose list knows no such image is asked as any other', async (context) => {
  const quay = '/api/v1/repository/up/app/tag/?limit=100&onlyActiveTags=true&page=1';
  const dated = await startUpstream(context, 'quay', { [quay]: { body: { tags: [{ name: 'v1', start_ts: 7 }] } } });
  assert.deepEqual(await dated.list(), { tags: [{ name: 'v1', updatedMs: 7000 }], total: 1 });
  const tags = { '/v2/up/app/tags/list?n=1000': { body: { tags: ['v1'] } } };
  for (const status of [401, 403, 404]) {
    const hidden = await startUpstream(context, 'quay', { [quay]: { status }, ...tags });
    assert.deepEqual((await hidden.list()).tags, [{ name: 'v1', updatedMs: undefined }], String(status));
  }
});

test('the list of any registry is followed through its pages, and Google’s dates are read', async (context) => {
  const first = '/v2/up/app/tags/list?n=1000';
  const manifest = { 'sha256:1': { tag: ['v2'], timeUploadedMs: '9' }, 'sha256:2': { tag: 'v1' }, 'sha256:3': null };
  const { list } = await startUpstream(context, 'registry', {
    [first]: { headers: { link: '</v2/up/app/tags/list?last=v1&n=1>; rel="next"' }, body: { tags: ['v1', 5] } },
    '/v2/up/app/tags/list?last=v1&n=1': { body: { tags: ['v2'], manifest } },
  });
  const tags = [
    { name: 'v1', updatedMs: undefined },
    { name: 'v2', updatedMs: 9 },
  ];
  assert.deepEqual(await list(), { tags, total: 2 });
});

test('a list that is no list is refused, and one that is limited says until when', async (context) => {
  for (const [body, names] of [
    [[], 0],
    [{ tags: 'all' }, 0],
  ] as const) {
    const { list } = await startUpstream(context, 'registry', { '/v2/up/app/tags/list?n=1000': { body } });
    assert.equal((await list()).tags.length, names);
  }
  const none = await startUpstream(context, 'registry', { '/v2/up/app/tags/list?n=1000': { body: 'text' } });
  await assert.rejects(none.list(), /not a JSON object/);
  for (const [listing, path] of [
    ['docker-hub', `${HUB}1`],
    ['registry', '/v2/up/app/tags/list?n=1000'],
  ] as const) {
    const limited = { status: 429, headers: { 'retry-after': '90' } };
    const { list } = await startUpstream(context, listing, { [path]: limited });
    const isLimit = (error: Error) => error instanceof RegistryError && error.retryAfterMs === 90_000;
    await assert.rejects(list(), isLimit, listing);
  }
});

test('a pause is seconds, a date or a time of Docker Hub’s, never negative and at most a day', () => {
  const nowMs = Date.UTC(2026, 0, 1);
  for (const [headers, pauseMs] of [
    [{}, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '120' }, 120_000],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }, 60_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 00:01:00 GMT' }, 0],
    [{ 'retry-after': '999999999' }, 86_400_000],
    [{ 'x-retry-after': String(nowMs / 1000 + 5) }, 5000],
    [{ 'x-ratelimit-reset': String(nowMs / 1000 + 6) }, 6000],
  ] as const)
    assert.equal(retryAfterMs(headers, nowMs), pauseMs, JSON.stringify(headers));
});

test('versions are ordered by their numbers, and what follows a dash comes before the version itself', () => {
  const ordered = ['', '1', '1.2-rc1', '1.2-rc2', '1.2', '1.2.0', '1.2.9', '1.2.010', '1.10', 'v2'];
  for (const [index, one] of ordered.entries())
    for (const [at, other] of ordered.entries())
      assert.equal(Math.sign(compareVersions(one, other)), Math.sign(index - at), `${one} ${other}`);
});

test('a long list of hostile names is ordered by at most 32 parts a name, and others get a turn in between', async () => {
  const many = 'a1'.repeat(15);
  assert.ok(compareVersions(`${many}b9`, `${many}b10`) > 0, 'from the 32nd part on, texts');
  assert.ok(compareVersions(`${many}9`, `${many}10`) < 0);
  const tags = Array.from({ length: 50_000 }, (_, at) => ({
    name: `${at % 2 === 0 ? at : `v${at}`}${'a1'.repeat(61)}`.slice(0, 128),
    updatedMs: undefined,
  }));
  let turns = 0;
  const others = setInterval(() => {
    turns += 1;
  }, 1);
  const newest = await newestTags(tags, { pattern: undefined, count: 1000, createdMs: async () => undefined });
  clearInterval(others);
  assert.deepEqual(
    newest.slice(0, 2).map((name) => name.slice(0, 6)),
    ['v49999', 'v49997'],
  );
  assert.ok(turns > 0);
});

test('the newest tags are those with the newest dates, of equal dates those with the newest names, whole names only', async () => {
  const tag = (name: string, updatedMs?: number) => ({ name, updatedMs });
  const newest = async (tags: ReturnType<typeof tag>[], count: number, regexp = '', created: number[] = []) => {
    const pattern = readNamePattern('TagRegexp', regexp);
    return newestTags(tags, {
      pattern,
      count,
      createdMs: async (name) => created[tags.findIndex((at) => at.name === name)],
    });
  };
  assert.deepEqual(await newest([tag('v1', 5), tag('v2', 1), tag('v9'), tag('-x', 9)], 2), ['v1', 'v2']);
  assert.deepEqual(await newest([tag('v1', 5), tag('av2', 6)], 2, 'v.*'), ['v1']);
  assert.deepEqual(await newest([tag('v1'), tag('v10'), tag('v9')], 2), ['v10', 'v9']);
  assert.deepEqual(await newest([tag('v1'), tag('v10'), tag('v9')], 1, '', [9, 3, 4]), ['v1']);
});
