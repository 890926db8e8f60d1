import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { xmlBody } from './xml-body.ts';

test('writes lists as repeated siblings and leaves absent fields out', () => {
  const fields = [
    ['Code', 'success'],
    [
      'Rows',
      [
        { A: 1, B: true },
        { A: 2, B: undefined },
      ],
    ],
    ['None', []],
    ['Absent', undefined],
  ] as const;
  assert.equal(
    xmlBody('ThingResponse', fields),
    '<?xml version="1.0" encoding="UTF-8"?><ThingResponse><Code>success</Code>' +
      '<Rows><A>1</A><B>true</B></Rows><Rows><A>2</A></Rows></ThingResponse>',
  );
});

test('escapes mark-up, keeps a CR, and replaces what XML 1.0 forbids', () => {
  const text = 'a<b>&amp;]]>\r\n\u001b[31m\u0000\uD800x\uFFFE😀';
  assert.equal(
    xmlBody('R', [['M', text]]).replace(/^.*<M>|<\/M>.*$/gs, ''),
    'a&lt;b&gt;&amp;amp;]]&gt;&#13;\n\uFFFD[31m\uFFFD\uFFFDx\uFFFD😀',
  );
});

test('writes no element whose name is mark-up', () => {
  for (const name of ['A>', 'a b', '1', '', '/R'])
    assert.throws(() => xmlBody('R', [[name, 1]]), /name of an XML element/);
});

test('any text comes back from its XML, but for the characters XML forbids', () => {
  const markup = fc.constantFrom(
    '&',
    '&amp;',
    '&lt;',
    '&#13;',
    '&#',
    ';',
    '<',
    '>',
    ']]>',
    '<![CDATA[',
    '"',
    '\r',
    '\n',
  );
  const pieces = fc.array(fc.oneof(markup, fc.string({ unit: 'binary' })), { maxLength: 8 });
  fc.assert(
    fc.property(
      pieces.map((list) => list.join('')),
      (text) => {
        const written = /<R><M>([^<>\r]*)<\/M><\/R>$/.exec(xmlBody('R', [['M', text]]))?.[1];
        const allowed = text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
        assert.equal(
          written?.replace(/&([^&;]*);?/g, (_, entity) => ENTITIES[entity] ?? 'not an entity'),
          allowed,
        );
      },
    ),
  );
});

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', '#13': '\r' };
