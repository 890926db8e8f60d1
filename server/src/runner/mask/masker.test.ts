import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FormTree } from './form-tree.ts';
import { Masker } from './masker.ts';
import { SECRET_MIN_CHARACTERS, secretForms } from './secret-forms.ts';

const SECRET = 'pa$$ wörd/"+7';

/** How a careless program may encode a secret when it prints it. */
const ENCODINGS: Record<string, (value: string) => string> = {
  raw: (value) => value,
  url: encodeURIComponent,
  'url with lower-case hex': (value) =>
    encodeURIComponent(value).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  form: (value) => new URLSearchParams({ v: value }).toString().slice(2),
  json: (value) => JSON.stringify(value).slice(1, -1),
  'base64 at 0': (value) => Buffer.from(value).toString('base64'),
  'base64 at 1': (value) => Buffer.from(`:${value}`).toString('base64'),
  'base64 at 2': (value) => Buffer.from(`ab${value}zz`).toString('base64'),
  'base64url at 1': (value) => Buffer.from(`:${value}`).toString('base64url'),
};

function mask(
  secrets: readonly string[],
  text: string | Buffer,
  cuts: readonly number[] = [],
): { text: string; count: number } {
  const bytes = Buffer.from(text);
  const masker = new Masker(secrets);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  const parts = places.slice(1).map((place, index) => masker.write(bytes.subarray(places[index], place)));
  return { text: Buffer.concat([...parts, masker.flush()]).toString(), count: masker.maskedValues };
}

test('a secret is masked raw and in URL, JSON and base64 encoding (at three alignments), and counted', () => {
  for (const [name, encode] of Object.entries(ENCODINGS)) {
    const { text, count } = mask([SECRET], `before ${encode(SECRET)} after\n`);
    assert.match(text, /^before .*\*\*\*.* after\n$/, name);
    assert.equal(count, 1, name);
    for (const form of secretForms(SECRET)) assert.ok(!text.includes(form.toString()), `${name}: ${text}`);
  }
});

test('each line of a multi-line value is masked separately, short lines only as part of the whole', () => {
  const key = '-----BEGIN KEY-----\nMIIBOgIBAAJB\nab\n-----END KEY-----\n';
  assert.equal(mask([key], 'the key: MIIBOgIBAAJB.').text, 'the key: ***.');
  assert.equal(mask([key], `<${key}>`).text, '<***\n>');
  assert.equal(mask([key], `<${key.replaceAll('\n', '\r\n')}>`).text.includes('MII'), false);
  assert.equal(mask([key], 'cab').text, 'cab');
});

test('a value that starts or ends with a line end removes no line end from the log', () => {
  assert.equal(mask(['\nhunter22\r\n'], 'first\nhunter22\r\nnext line\n').text, 'first\n***\r\nnext line\n');
  assert.equal(mask(['hunter22\n'], 'hunter22\nhunter22\nSTEP 2/2: RUN x').text, '***\n***\nSTEP 2/2: RUN x');
});

test('a value shorter than six characters is not masked, one of six is', () => {
  assert.equal(mask(['12345'], 'a12345b').text, 'a12345b');
  assert.equal(mask(['123456'], 'a123456b').text, 'a***b');
});

test('secrets that overlap, contain or touch one another are masked completely', () => {
  assert.equal(mask(['abcdef', 'defghi'], 'xabcdefghix').text, 'x***x');
  assert.equal(mask(['abcdef', 'abcdefghij'], 'abcdefghij abcdef').text, '*** ***');
  assert.equal(mask(['abcabc'], 'abcabcabcabc|abcabca').text, '***|***a');
  assert.equal(mask(['a'.repeat(2000)], 'a'.repeat(100_000)).text, '***');
});

test('output that starts no secret passes at once', () => {
  const masker = new Masker(['secret-value']);
  assert.equal(masker.write(Buffer.from('line\nse')).toString(), 'line\n');
  assert.equal(masker.write(Buffer.from('ven')).toString(), 'seven');
  assert.equal(masker.write(Buffer.from('secret-valu')).toString(), '');
  assert.equal(masker.flush().toString(), 'secret-valu');
});

test('a secret added later is masked from then on, and no held-back bytes are lost', () => {
  const masker = new Masker(['secret-value']);
  const parts = [
    masker.write(Buffer.from('secret-')),
    masker.add('password'),
    masker.write(Buffer.from(' a password ')),
  ];
  assert.equal(Buffer.concat([...parts, masker.flush()]).toString(), 'secret- a *** ');
  assert.equal(masker.text('password secret-value'), '*** ***');
  assert.equal(masker.maskedValues, 3);
});

test('many secrets are compiled together, in slices, and all are masked from then on', async (t) => {
  let steps = 0;
  const { next } = FormTree.prototype;
  // A mock would record each call.
  FormTree.prototype.next = function (this: FormTree, state: number, byte: number) {
    steps += 1;
    return next.call(this, state, byte);
  };
  t.after(() => {
    FormTree.prototype.next = next;
  });
  let [turns, goesOn] = [0, true];
  const count = () => {
    turns += 1;
    if (goesOn) setImmediate(count);
  };
  setImmediate(count);
  const secrets = Array.from({ length: 60 }, (_, at) => `${at}-${'x7%/'.repeat(25)}${at}`);
  const masker = new Masker(['first-secret']);
  const held = masker.write(Buffer.from('first-'));
  const [rest, none] = await Promise.all([masker.addInTurns(...secrets), masker.addInTurns(...secrets)]);
  goesOn = false;
  const formBytes = [...secrets, 'first-secret'].flatMap(secretForms).reduce((sum, form) => sum + form.length, 0);
  assert.ok(steps <= 2 * formBytes, `${steps} steps for ${formBytes} bytes`);
  assert.ok(turns >= 3, `${turns} turns`);
  assert.deepEqual([held.toString(), rest.toString(), none.length], ['', 'first-', 0]);
  assert.equal(masker.text(`<${secrets.join('>\n<')}> first-secret`), `${'<***>\n'.repeat(60).trim()} ***`);
});

test('property: no form of a random secret in random surroundings survives random cuts, and the rest is unchanged', () => {
  const secret = fc
    .string({ unit: 'binary', minLength: SECRET_MIN_CHARACTERS, maxLength: 40 })
    .filter((text) => text.isWellFormed());
  const surroundings = fc.string({ unit: fc.constantFrom('a', '=', '+', ' ', '%', '\n', 'A', '"', 'é') });
  fc.assert(
    fc.property(
      secret,
      surroundings,
      surroundings,
      fc.constantFrom(...Object.keys(ENCODINGS)),
      fc.array(fc.nat(), { maxLength: 8 }),
      (value, before, after, encoding, cuts) => {
        const shown = ENCODINGS[encoding]?.(value) ?? '';
        const text = `${before}${shown}${after}`;
        const masked = Buffer.from(mask([value], text, cuts).text);
        for (const form of secretForms(value)) assert.ok(!masked.includes(form), `${encoding} ${JSON.stringify(text)}`);
        assert.equal(mask([value], text, cuts).text, mask([value], text).text);
        if (secretForms(value).every((form) => !Buffer.from(before + after).includes(form)))
          assert.ok(masked.includes('***'), `${encoding} of ${JSON.stringify(value)}`);
      },
    ),
    { numRuns: 3000 },
  );
});
