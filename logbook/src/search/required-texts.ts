/** Most parts of most logs contain shorter texts, so searching for those saves nothing. */
const LEAST_LENGTH = 3;
/**
 * Literal characters: all of ASCII except those with a meaning in the syntax, and no character whose meaning a flag
 * could change.
 */
const PLAIN = /[\w \t!"#%&',\-/:;<=>@`~]/;
/** The characters that a backslash makes literal. */
const MARK = /[\\.+*?()|[\]{}^$#&\-~]/;
/** Escapes for a class or a position, of which only their end is known. */
const CLASS = /[dDsSwWbB]/;

/**
 * Texts of which every line that an expression of ripgrep's default syntax matches contains at least one; undefined if
 * none are found, which says nothing about the expression. It reads only the outermost level, and gives up at syntax it
 * does not know, so it never wrongly says that an expression requires a text.
 */
export function requiredTexts(expression: string): string[] | undefined {
  const branches: string[] = [];
  let longest = '';
  let text = '';
  const endText = (): void => {
    if (text.length > longest.length) longest = text;
    text = '';
  };
  for (let at = 0; at < expression.length; ) {
    const mark = expression[at] ?? '';
    let end: number | undefined = at + 1;
    if (mark === '|') {
      endText();
      branches.push(longest);
      longest = '';
    } else if (mark === '(') {
      endText();
      end = groupEnd(expression, at);
    } else if (mark === '[') {
      endText();
      end = classEnd(expression, at);
    } else if (mark === '\\') {
      const escaped = expression[at + 1] ?? '';
      end = at + 2;
      if (MARK.test(escaped)) text += escaped;
      else if (CLASS.test(escaped) && !/^\\[bB]\{/.test(expression.slice(at))) endText();
      else return undefined;
    } else if (PLAIN.test(mark)) {
      text += mark;
    } else if (mark === '?' || mark === '*' || mark === '+' || mark === '{') {
      // The text before it may be absent, after `+` too: another quantifier may follow.
      text = text.slice(0, -1);
      endText();
      if (mark === '{') end = indexAfter(expression, '}', at);
    } else if (mark === '.' || mark === '^' || mark === '$' || mark > '\x7f') {
      endText();
    } else {
      return undefined;
    }
    if (end === undefined) return undefined;
    at = end;
  }
  endText();
  branches.push(longest);
  return branches.every((branch) => branch.length >= LEAST_LENGTH) ? branches : undefined;
}

/** The position after a group; undefined for one that sets flags, and for one without an end. */
function groupEnd(expression: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < expression.length; ) {
    const mark = expression[at];
    if (mark === '\\') {
      at += 2;
    } else if (mark === '[') {
      const end = classEnd(expression, at);
      if (end === undefined) return undefined;
      at = end;
    } else {
      if (mark === '(') depth += 1;
      if (mark === '(' && expression[at + 1] === '?' && expression[at + 2] !== ':') return undefined;
      if (mark === ')') depth -= 1;
      at += 1;
      if (depth === 0) return at;
    }
  }
  return undefined;
}

/** The position after a class; undefined for one that contains another, or whose end is ambiguous. */
function classEnd(expression: string, start: number): number | undefined {
  let at = start + 1;
  if (expression[at] === '^') at += 1;
  if (expression[at] === ']') return undefined;
  while (at < expression.length && expression[at] !== ']') {
    if (expression[at] === '[') return undefined;
    at += expression[at] === '\\' ? 2 : 1;
  }
  return at < expression.length ? at + 1 : undefined;
}

function indexAfter(text: string, mark: string, from: number): number | undefined {
  const at = text.indexOf(mark, from);
  return at === -1 ? undefined : at + 1;
}
