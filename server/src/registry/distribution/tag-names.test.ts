import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FirstNames, readTagNames } from './tag-names.ts';

const byCode = (a: string, b: string) => (a < b ? -1 : 1);

async function read(text: string, cut: number): Promise<{ name: string; tags: string[] }> {
  async function* pieces() {
    for (let at = 0; at < text.length; at += cut) yield Buffer.from(text.slice(at, at + cut));
  }
  const tags: string[] = [];
  const name = await readTagNames(pieces(), async (more) => void tags.push(...more));
  return { name, tags };
}

test('a list of tags is read alike wherever it is cut, also without tags', async () => {
  for (const cut of [1, 2, 7, 1000]) {
    assert.deepEqual(await read('{"name":"team/app","tags":["a","b-1","C_2"]}\n', cut), {
      name: 'team/app',
      tags: ['a', 'b-1', 'C_2'],
    });
    for (const none of ['null', '[]'])
      assert.deepEqual(await read(`{"name":"a/b","tags":${none}}`, cut), { name: 'a/b', tags: [] });
  }
  await assert.rejects(read('{"name":"a","tags":["\\u0061"]}', 4), /escape/);
});

test('a page of a list costs in proportion to the list, not a sort of all of it, and others have their turn', async () => {
  const names = Array.from({ length: 100_000 }, (_, i) => `v${(i * 7919) % 100_000}`);
  let compared = 0;
  const counting = (a: string, b: string) => {
    compared += 1;
    return byCode(a, b);
  };
  let [turns, goesOn] = [0, true];
  const count = () => {
    turns += 1;
    if (goesOn) setImmediate(count);
  };
  setImmediate(count);
  const first = new FirstNames(100, counting);
  for (let at = 0; at < names.length; at += 5000) await first.add(names.slice(at, at + 5000));
  assert.deepEqual(await first.end(), names.toSorted().slice(0, 100));
  assert.ok(turns >= 12, `${turns} turns`);
  const whole = new FirstNames(Number.POSITIVE_INFINITY, byCode);
  await whole.add(names);
  goesOn = false;
  assert.deepEqual([whole.count, await whole.end()], [100_000, names.toSorted()]);
  assert.ok(compared < 100_000 * 15, `${compared} comparisons`);
});
