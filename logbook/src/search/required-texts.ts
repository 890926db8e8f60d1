/** Shorter texts are in most stretches of most logs, so that looking for them spares nothing. */
const LEAST_LENGTH = 3;
/** What stands for itself: of ASCII all but the marks of the syntax, and no character whose meaning a flag could change. */
const PLAIN = /[\w \t!"#%&',\-/:;<=>@`~]/;
/** What a backslash takes the meaning of. */
const MARK = /[\\.+*?()|[\]{}^$#&\-~]/;
/** Escapes that stand for a class or a place, of which nothing is known but where they end. */
const CLASS = /[dDsSwWbB]/;

/**
 * Texts of which every line that an expression of ripgrep's default syntax matches holds at least one; undefined where none are
 * found, which says nothing of the expression. It reads the outermost level alone, and gives up at what it does not know:
 * an expression is never wrongly said to require a text.
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

/** Where what follows a group begins; undefined for one that sets flags, and for one without an end. */
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

/** Where what follows a class begins; undefined for one that holds another, or whose end may be meant otherwise. */
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
