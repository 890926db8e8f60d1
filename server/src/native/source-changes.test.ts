import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { readChanges } from './source-changes.ts';

const EARLIER = Buffer.from('0123456789');
const BASE = { sizeBytes: EARLIER.length, sha256: createHash('sha256').update(EARLIER).digest('hex') };

test('an archive is made of parts of an earlier one and of new bytes, in any pieces', async () => {
  const cases = [
    ['[[0,10]]\n', EARLIER.toString()],
    ['[3,[2,3],1,[9,1]]\nabcd', 'abc234d9'],
    ['[]\n', ''],
    ['[2, [9, 1]]\n\n\n', '\n\n9'],
  ] as const;
  for (const [body, made] of cases)
    for (const bytes of [1, 2, 100]) assert.equal(await apply(body, EARLIER, bytes), made, body);
});

test('changes that do not fit are refused, and nothing outside the earlier archive can be named', async () => {
  const bodies: [body: string, message: RegExp][] = [
    ['', /no first line/],
    ['[1]', /no first line/],
    ['{}\n', /not a JSON array/],
    ['[\n', /not a JSON array/],
    ...[
      '[[0,11]]',
      '[[-1,2]]',
      '[[9,2]]',
      '[[4,2],[5,1]]',
      '[[0,1,2]]',
      '[[0.5,1]]',
      '["1"]',
      '[null]',
      '[-1]',
      '[1e300]',
      '[0]',
      '[[0,0]]',
      '[[]]',
      '[{"valueOf":1,"toString":1}]',
      '[["0","1"]]',
      `[${'['.repeat(20_000)}${']'.repeat(20_000)}]`,
    ].map((line): [string, RegExp] => [`${line}\n`, /part \d of its first line is neither/]),
    ['[2]\na', /shorter/],
    ['[2]\nabc', /longer/],
    [`[${'1,'.repeat(2 ** 20)}1]\n`, /longer than 2097152 bytes/],
    [`[${'1,'.repeat(50_000)}1]\n`, /more than 50000 parts/],
    [`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}\n`, /more than 50000 parts/],
    [`[${'[1,1],'.repeat(300_000)}1]\n`, /more than 50000 parts/],
  ];
  for (const [body, message] of bodies) await assert.rejects(apply(body, EARLIER, 4096), message, body.slice(0, 80));
});

test('an earlier archive that is damaged or cut anywhere makes none', async () => {
  for (const at of EARLIER.keys()) {
    const damaged = Buffer.from(EARLIER);
    damaged[at] = 0;
    await assert.rejects(apply('[[4,2]]\n', damaged, 3), { code: 'SOURCE_ARCHIVE_DAMAGED' });
  }
  for (const line of ['[[0,10]]', '[[8,1]]', '[[0,1]]'])
    await assert.rejects(apply(`${line}\n`, EARLIER.subarray(0, 5), 3), { code: 'SOURCE_ARCHIVE_DAMAGED' }, line);
});

test('other work goes on while many small parts are made', async () => {
  let [turns, isMade] = [0, false];
  const turn = (): void => {
    turns += 1;
    if (!isMade) setImmediate(turn);
  };
  turn();
  await apply(`[${'1,'.repeat(9_999)}1]\n${'a'.repeat(10_000)}`, EARLIER, 2 ** 20);
  isMade = true;
  assert.ok(turns > 10, `${turns} turns`);
});

async function apply(body: string, earlier: Buffer, bytes: number): Promise<string> {
  const changes = await readChanges(pieces(Buffer.from(body), bytes), BASE);
  const made: Buffer[] = [];
  for await (const chunk of changes.applyTo(pieces(earlier, bytes))) made.push(chunk);
  assert.equal(Buffer.concat(made).length, changes.sizeBytes);
  return Buffer.concat(made).toString();
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
