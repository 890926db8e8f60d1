/** A piece of code: what it is, for its colour, and its text. */
export interface CodeToken {
  kind: 'plain' | 'comment' | 'string' | 'number' | 'keyword';
  text: string;
}

/** Languages whose comments begin with `#`; those of the others begin with two slashes. */
const HASH_COMMENTS = new Set(['Python', 'CLI', 'curl']);
/** A string that is not closed ends with its line. */
const WITH_HASH =
  /(?<comment>\s#[^\n]*)|(?<string>"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|`(?:\\.|[^`\\])*`?)|(?<number>\d[\d_.]*)|(?<word>[A-Za-z_]\w*)/g;
const WITH_SLASHES =
  /(?<comment>\/\/[^\n]*)|(?<string>"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|`(?:\\.|[^`\\])*`?)|(?<number>\d[\d_.]*)|(?<word>[A-Za-z_]\w*)/g;
/** Words of the languages that the samples use. A name in one that is a keyword in another is rare and does no harm. */
const KEYWORDS = new Set(
  (
    'as async await case catch class const def defer else except export false final finally for from func function if ' +
    'import in let new nil None not null package private public raise range return static struct throw throws True ' +
    'try type var void while with'
  ).split(' '),
);

/** Splits code into what is coloured alike. The texts of the tokens are the code, nothing added or lost. */
export function codeTokens(code: string, language: string): CodeToken[] {
  const pattern = HASH_COMMENTS.has(language) ? WITH_HASH : WITH_SLASHES;
  const tokens: CodeToken[] = [];
  let end = 0;
  for (const match of code.matchAll(pattern)) {
    if (match.index > end) tokens.push({ kind: 'plain', text: code.slice(end, match.index) });
    tokens.push({ kind: kindOf(match.groups ?? {}, match[0]), text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < code.length) tokens.push({ kind: 'plain', text: code.slice(end) });
  return tokens;
}

function kindOf({ comment, string, number }: Record<string, string | undefined>, text: string): CodeToken['kind'] {
  if (comment !== undefined) return 'comment';
  if (string !== undefined) return 'string';
  if (number !== undefined) return 'number';
  return KEYWORDS.has(text) ? 'keyword' : 'plain';
}
