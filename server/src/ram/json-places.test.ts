import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonMistake, jsonPlaces } from './json-places.ts';

test('every value of a document has the offset at which it begins', () => {
  const text = '{"A": [1, {"b\\n": "x"}],\n "C": null}';
  const found = Object.fromEntries([...jsonPlaces(text)].map(([place, at]) => [place, text.slice(at, at + 4)]));
  assert.deepEqual(found, {
    '': '{"A"',
    A: '[1, ',
    'A[0]': '1, {',
    'A[1]': '{"b\\',
    'A[1].b\n': '"x"}',
    C: 'null',
  });
});

test('what JSON.parse takes is taken and what it refuses is refused, with the offset of the mistake', () => {
  const isJson = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  const isTaken = (text: string) => {
    try {
      jsonPlaces(text);
      return true;
    } catch (error) {
      assert.ok(error instanceof JsonMistake && error.offset >= 0 && error.offset <= text.length);
      return false;
    }
  };
  const cut = fc.tuple(
    fc.json({ maxDepth: 4 }),
    fc.nat(),
    fc.constantFrom('', ',', '}', ']', '"', '\\', '0', ' ', 'x'),
  );
  fc.assert(
    fc.property(cut, ([json, at, put]) => {
      const place = at % (json.length + 1);
      for (const text of [json, json.slice(0, place) + put + json.slice(place), json.slice(0, place) + put])
        assert.equal(isTaken(text), isJson(text), JSON.stringify(text));
    }),
  );
});

test('a text of endless brackets is refused, and overflows no stack', () => {
  assert.throws(() => jsonPlaces('['.repeat(1_000_000)), /more than 64 levels/);
});
