import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type AgedTag, chooseTags } from './choose-tags.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 1_800_000_000_000;
const NOBODY = { inUse: new Set<string>(), nowMs: NOW_MS };

/** Tags with these names, the first one set longest ago, all long ago. */
const tagsOf = (...names: string[]): AgedTag[] =>
  names.map((name, index) => ({ name, digest: `d-${name}`, updatedMs: NOW_MS - 100 * DAY_MS + index }));
const goes = async (tags: AgedTag[], ...rules: { keepCount?: number; tagPattern?: string }[]) => {
  const named = rules.map((rule, index) => ({
    keepCount: undefined,
    tagPattern: undefined,
    ...rule,
    ruleId: `r${index}`,
  }));
  const choice = await chooseTags(tags, named, NOBODY);
  return { goes: choice.goes.map(({ name }) => name), silent: [...choice.silent] };
};

test('keeps the newest of the tags that match, and removes all others', async () => {
  const tags = tagsOf('v1', 'v2', 'dev', 'v3');
  assert.deepEqual((await goes(tags, { keepCount: 2, tagPattern: 'v.*' })).goes, ['dev', 'v1']);
  assert.deepEqual((await goes(tags, { keepCount: 2 })).goes, ['v2', 'v1']);
  assert.deepEqual((await goes(tags, { tagPattern: 'v.*' })).goes, ['dev']);
  assert.deepEqual((await goes(tags, { keepCount: 1, tagPattern: ' v.* ' })).goes, ['dev', 'v2', 'v1']);
});

test('matches expressions with whole names, and removes nothing if one matches none', async () => {
  const tags = tagsOf('v1', 'v2');
  assert.deepEqual(await goes(tags, { keepCount: 1, tagPattern: '1' }), { goes: [], silent: ['r0'] });
  // The other rule still applies to this repository.
  const both = await goes(tags, { keepCount: 1, tagPattern: 'release-.*' }, { keepCount: 1 });
  assert.deepEqual(both, { goes: ['v1'], silent: ['r0'] });
});

test('removes a tag only if no rule keeps it', async () => {
  const tags = tagsOf('a1', 'b1', 'a2', 'b2');
  const rules = [
    { keepCount: 1, tagPattern: 'a.*' },
    { keepCount: 2, tagPattern: 'b.*' },
  ];
  assert.deepEqual((await goes(tags, ...rules)).goes, ['a1']);
});

test('keeps latest, tags of the last 24 hours, tags in use, and tags that describe an image', async () => {
  const signature = `sha256-${'0'.repeat(64)}.sig`;
  const old = tagsOf('latest', signature, 'pushed', 'v1');
  const fresh = { name: 'fresh', digest: 'd', updatedMs: NOW_MS - DAY_MS + 1 };
  const kept = { name: 'kept', digest: 'd', updatedMs: NOW_MS };
  const rule = { ruleId: 'r', keepCount: 1, tagPattern: undefined };
  const choice = await chooseTags([...old, fresh, kept], [rule], { inUse: new Set(['pushed']), nowMs: NOW_MS });
  assert.deepEqual(
    choice.goes.map(({ name }) => name),
    ['v1'],
  );
  assert.equal(choice.keptCount, 5);
});

const aTag = fc.record({
  name: fc.stringMatching(/^[abv][0-9.]{0,3}$/),
  digest: fc.constantFrom('d1', 'd2'),
  updatedMs: fc.integer({ min: NOW_MS - 5 * DAY_MS, max: NOW_MS }),
});
const aRule = fc.record({
  keepCount: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
  tagPattern: fc.constantFrom(undefined, ' ', '.*', 'v.*', '[ab].*', 'none', 'v\\d+'),
});

test('property: each rule keeps its newest matching tags, each tag is kept or removed, and nothing is removed without a rule', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(aTag, { selector: ({ name }) => name, maxLength: 30 }),
      fc.array(aRule, { maxLength: 3 }),
      async (tags, rules) => {
        const named = rules.map((rule, index) => ({ ...rule, ruleId: String(index) }));
        const { goes, keptCount, silent } = await chooseTags(tags, named, NOBODY);
        const gone = new Set(goes.map(({ name }) => name));
        assert.equal(goes.length + keptCount, tags.length);
        if (rules.length === silent.size) assert.equal(gone.size, 0);
        for (const { keepCount, tagPattern = '' } of rules) {
          const whole = new RegExp(`^(?:${tagPattern.trim() || '.*'})$`);
          const times = tags.filter(({ name }) => whole.test(name)).sort((a, b) => b.updatedMs - a.updatedMs);
          // The test does not decide which of several tags set at once is the newest.
          const last = times[(keepCount ?? times.length) - 1]?.updatedMs ?? -1;
          for (const { name, updatedMs } of times) assert.ok(!(updatedMs > last && gone.has(name)), name);
          assert.ok(
            times.filter(({ name }) => !gone.has(name)).length >= Math.min(keepCount ?? Infinity, times.length),
          );
        }
      },
    ),
    { numRuns: 300 },
  );
});
