/*
 * Foreign text on a terminal: output of builds, names, messages of servers. A terminal obeys control sequences, so a
 * text could set the clipboard, rewrite lines above, or hide what follows. Only colours and weight pass (SGR, `ESC [ …
 * m`). Every other control character is shown and has no effect: C0 except tab and line end, DEL, C1, the ESC of every
 * other sequence (https://ecma-international.org/publications-and-standards/standards/ecma-48/), and characters that
 * reorder or hide text. Blinking and concealed text is shown plain.
 */

/** Visible text, and an SGR sequence before it. A very long sequence is treated as text. */
const SPECIAL =
  /\x1b\[([\d;:]{0,64})m|([\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff])/g;
/** What a line that rewrites itself erases of its own text, and its last state does not contain. */
const ERASE_IN_LINE = /\x1b\[[0-2]?K/g;

/** A text of one or more lines. Each line begins and ends plain, and a CR in it is shown. */
export function terminalText(text: string): string {
  return text
    .split('\n')
    .map((line) => new TerminalLines().plainLine(line))
    .join('\n');
}

/** JSON without control characters except line ends: those that JSON permits are escaped as well. */
export function terminalJson(json: string): string {
  return json.replace(SPECIAL, (found) => (found === '\n' ? found : Array.from(found, jsonEscape).join('')));
}

/** The lines of one program, in order: a colour continues after the prefix of the next line. */
export class TerminalLines {
  #style: Style = new Map();

  /** Forgets the colours of earlier lines. */
  reset(): void {
    this.#style = new Map();
  }

  /** A line as a terminal would finally show it: if it rewrote itself by CR, its last state. */
  line(text: string): string {
    return this.plainLine(text.includes('\r') || text.includes('\x1b[') ? lastState(text) : text);
  }

  /** A line in which a CR is shown like any control character. */
  plainLine(text: string): string {
    const before = this.#style.size === 0 ? '' : sequenceOf(this.#style);
    const shown = text.replace(SPECIAL, (found, parameters: string | undefined, control: string | undefined) => {
      if (control !== undefined) return nameOf(control);
      const { style, isKnown } = nextStyle(this.#style, parameters ?? '');
      this.#style = style;
      return isKnown ? found : `\x1b[0m${sequenceOf(style)}`;
    });
    return `${before}${shown}${this.#style.size === 0 ? '' : '\x1b[0m'}`;
  }
}

/** The text after the last CR, with the colours that were set before it. */
function lastState(text: string): string {
  let end = text.length;
  while (text.charAt(end - 1) === '\r') end -= 1;
  const states = text.slice(0, end).replace(ERASE_IN_LINE, '').split('\r');
  const last = states.pop() ?? '';
  const before = states.join('').match(/\x1b\[[\d;:]{0,64}m/g) ?? [];
  return before.join('') + last;
}

function nameOf(control: string): string {
  const code = control.charCodeAt(0);
  if (code < 0x20) return `^${String.fromCharCode(code + 64)}`;
  return code < 0x100 ? `\\x${code.toString(16)}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

function jsonEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The current style by attribute: `fg` → `38;5;9`. */
type Style = ReadonlyMap<string, string>;

const SET: Readonly<Record<number, string>> = {
  1: 'bold',
  2: 'dim',
  3: 'italic',
  4: 'under',
  7: 'inverse',
  9: 'strike',
};
const UNSET: Readonly<Record<number, readonly string[]>> = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['under'],
  27: ['inverse'],
  29: ['strike'],
  39: ['fg'],
  49: ['bg'],
};

/** The style after a sequence; undefined if the sequence sets something else too. */
function nextStyle(before: Style, parameters: string): { style: Style; isKnown: boolean } {
  const style = new Map(before);
  const codes = parameters.split(';');
  let isKnown = true;
  for (let at = 0; at < codes.length; at += 1) {
    const text = codes[at] ?? '';
    const code = Number.parseInt(text === '' ? '0' : text, 10);
    const ground = code === 38 ? 'fg' : code === 48 ? 'bg' : undefined;
    if (ground !== undefined && text.includes(':')) style.set(ground, text);
    else if (ground !== undefined) {
      const length = { '5': 3, '2': 5 }[codes[at + 1] ?? ''] ?? 1;
      if (length > 1) style.set(ground, codes.slice(at, at + length).join(';'));
      else isKnown = false;
      at += length - 1;
    } else if (code === 0) style.clear();
    else if (SET[code] !== undefined) style.set(SET[code], text);
    else if (UNSET[code] !== undefined) for (const name of UNSET[code]) style.delete(name);
    else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) style.set('fg', text);
    else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) style.set('bg', text);
    else isKnown = false;
  }
  return { style, isKnown };
}

function sequenceOf(style: Style): string {
  return style.size === 0 ? '' : `\x1b[${[...style.values()].join(';')}m`;
}
