import type { Chance } from '../chance.ts';

/** Pieces that trip up parsers, patterns and paths when repeated a thousand times. */
const PIECES = [
  ...[
    '@',
    'a',
    ' ',
    '\t',
    '-',
    '_',
    '.',
    '/',
    '=',
    ':',
    ',',
    ';',
    '"',
    "'",
    '\\',
    '%25',
    '+',
    '*',
    '?',
    '0',
    '9',
    '\n',
  ],
  ...[
    'a@',
    'a.',
    'a-',
    'a_',
    'a/',
    '1.',
    '0-',
    '::',
    '//',
    '../../',
    '/:',
    '://',
    '@:',
    '/*',
    '*a',
    '?*',
    '=&',
    '\r\n',
    '""',
  ],
  ...['(', '[', '{', '((', '[[', '{"a":', '[{', '<a>', '<<A ', '${a:-', '${', '$a', '$(', '\\ ', '\\\n', '`'],
  ...['é', '漢', '😀', '\u202e', '\u0301', '\ud800', '\u0000', 'İ', 'ſ'],
  ...[
    '//a:',
    'user:',
    'https://',
    'ssh://',
    'git@a:',
    '-----BEGIN ',
    'acs:ram::',
    'repository:',
    'refs/heads/',
    'sha256:',
  ],
  ...[
    'STEP 1/9: ',
    'Error: ',
    '"name":',
    '\u001b[31m',
    '2026-01-01T',
    '00:00:',
    'deadbeef',
    '1.5 MB/s ',
    '--mount=type=',
    '--from=a ',
  ],
];
/** Endings that a pattern does not expect. */
const ENDS = ['', '!', '\n', '\0', ' ', '@', '.', '/', ')', '}', '"', 'x', '\ud800'];

/**
 * A text that costs a careless parser more than linear time: one piece repeated, two alternating, one nested in itself,
 * or a nearly valid whole; with an ending that does not fit.
 */
export function hostileText(chance: Chance, chars: number): string {
  const [piece, other] = [nextPiece(chance), chance.pick(PIECES)];
  const times = Math.max(1, Math.floor(chars / piece.length));
  const end = chance.pick(ENDS);
  switch (chance.below(5)) {
    case 0:
      return other + piece.repeat(times) + end;
    case 1:
      return (piece + other).repeat(Math.max(1, Math.floor(times / 2))) + end;
    case 2:
      return piece.repeat(Math.floor(times / 2)) + other.repeat(Math.floor(times / 2)) + end;
    case 3:
      return Array.from({ length: 40 }, () => chance.pick(PIECES).repeat(Math.ceil(times / 40))).join('') + end;
    default:
      return piece + 'a'.repeat(Math.max(0, chars - piece.length)) + end;
  }
}

const places = new WeakMap<Chance, number>();

/** One piece after the other, from anywhere on, so that anyone who has a chance of its own meets them all. */
function nextPiece(chance: Chance): string {
  const place = places.get(chance) ?? chance.below(PIECES.length);
  places.set(chance, (place + 1) % PIECES.length);
  return PIECES[place] ?? '';
}

/** The length of a hostile text: mostly a few thousand characters, sometimes as many as a door takes or more. */
export function hostileLength(chance: Chance, most: number): number {
  return chance.below(3) === 0 ? most : 1 + chance.below(Math.min(most, 4000));
}

/** A JSON text that is deep, wide or long, and may be invalid. */
export function hostileJson(chance: Chance, chars: number): string {
  const open = chance.pick(['[', '{"a":', '[[],', '{"a":1,"a":', '"\\u0000', '1e9', '[1,', 'null,', '{"":{']);
  const nested = open.repeat(Math.max(1, Math.floor(chars / open.length)));
  return chance.below(2) === 0 ? nested : `[${JSON.stringify(hostileText(chance, chars))}]`;
}

const LINES = [
  ...[
    'FROM busybox',
    'FROM a AS b',
    'FROM $A',
    'FROM ${A:-b}',
    'ARG A=$A$A',
    'ARG B=${A:-${B:-c}}',
    'ENV A=$A',
    'ARG A=${A##*a*a*b}${A//?*/$A$A}',
    'RUN true',
    '# c',
  ],
  ...[
    'RUN --mount=type=bind,from=a,target=/b true',
    'RUN --mount=type=secret,id=a true',
    'COPY --from=a b c',
    'ONBUILD RUN x',
    'ONBUILD COPY --from=a b c',
  ],
  ...[
    'RUN <<A',
    'A',
    '\\',
    'RUN a \\',
    '',
    '# escape=`',
    'LABEL a=b',
    'COPY ["a", "b"]',
    'ADD --chown=a:b c d',
    'ARG',
    'FROM',
  ],
];

/** A Dockerfile of many lines, of one long line, or of values that grow, of at most that many characters. */
export function hostileDockerfile(chance: Chance, chars: number): string {
  switch (chance.below(4)) {
    case 0: {
      const line = `${chance.pick(LINES)}\n`;
      return `FROM busybox\n${line.repeat(Math.floor(chars / line.length))}`;
    }
    case 1: {
      const [flag, start] = [
        chance.pick(['--from=a ', '--mount=a,b ', 'a=b ', '"a ', '\\ ', '<<A ', '$a ']),
        chance.pick(['COPY ', 'RUN ', 'ARG ', 'FROM ']),
      ];
      return `FROM busybox\n${start}${flag.repeat(Math.floor(chars / flag.length))} x y\n`;
    }
    case 2: {
      const growing = Array.from(
        { length: 1 + chance.below(200) },
        (_, i) => `ARG A${i + 1}=$A${i}$A${i}${'${B:-'.repeat(chance.below(3))}\n`,
      );
      return `ARG A0=${'x'.repeat(1 + chance.below(1000))}\n${growing.join('')}FROM $A9\nRUN true\n`;
    }
    default:
      return `FROM busybox\nRUN ${hostileText(chance, chars)}\n`;
  }
}
