import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMailAddress } from '#rpc/mail-address.ts';
import { checkMailReceiver } from './mail-recipients.ts';

const ANY = { domains: [] };

test('recipients are stored once each, without spaces', () => {
  const stored = checkMailReceiver('Url', 'mailto:ann@example.com, bob@mail.example.com,ann@example.com', ANY);
  assert.equal(stored, 'mailto:ann@example.com,bob@mail.example.com');
});

test('what could become a header, another command or another address is no mail address', () => {
  for (const text of [
    'ann@example.com\r\nBcc: eve@example.com',
    'ann@example.com\n',
    'ann example.com',
    'ann@example.com>',
    '<ann@example.com>',
    'Ann <ann@example.com>',
    '"ann"@example.com',
    'ann@example.com?subject=x',
    'ann@@example.com',
    '.ann@example.com',
    'a..n@example.com',
    'ann@example..com',
    'ann@-example.com',
    'ann@[127.0.0.1]',
    '\u00e4nn@example.com',
    'ann%eve@example.com',
    'ann@',
    '@example.com',
    '',
  ])
    assert.ok(!isMailAddress(text), JSON.stringify(text));
  for (const text of ['ann@example.com', 'ann.o+x@mail-1.example.com', 'root@localhost'])
    assert.ok(isMailAddress(text));
});

test('a wrong list of recipients is refused with what is wrong, and a server without mail says who turns it on', () => {
  const many = Array.from({ length: 21 }, (_, at) => `user-${at}@example.com`).join(',');
  const wrong: [text: string, limits: { domains: string[] } | undefined, message: RegExp][] = [
    ['https://example.com', ANY, /"Url".*of the form mailto:/],
    ['mailto:', ANY, /"" is not a mail address/],
    ['mailto:ann@example.com,bob', ANY, /"bob" is not a mail address/],
    [`mailto:${many}`, ANY, /21 recipients; 20 is the limit/],
    [`mailto:${'x'.repeat(3000)}`, ANY, /2048 is the limit/],
    ['mailto:ann@example.com', undefined, /sends no mail.*smtp-url and smtp-from/],
    ['mailto:ann@notexample.com', { domains: ['example.com'] }, /may not get mail: the setting mail-domains allows/],
  ];
  for (const [text, limits, message] of wrong) assert.throws(() => checkMailReceiver('Url', text, limits), message);
  const below = checkMailReceiver('Url', 'mailto:ann@team.example.com', { domains: ['example.com'] });
  assert.equal(below, 'mailto:ann@team.example.com');
});
