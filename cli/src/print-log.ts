import type { LogLine } from './log-line.ts';

const NUMBER_WIDTH = 6;
const STAGE_WIDTH = 18;
const BOLD = 1;
const DIM = 2;
const UNKNOWN_TIME = '-'.padEnd('2026-03-01T12:00:00.000Z'.length);

/** How lines are shown. */
export interface LineStyle {
  /** Colours, and control characters made harmless. Off a terminal a message is unchanged. */
  terminal: boolean;
  timestamps?: boolean;
  /** `raw`: the message alone; `json`: the line as the API gives it. */
  form?: 'numbered' | 'raw' | 'json';
}

/** After the number of a line that was looked for, and of one beside it; other lines have none. The marks are grep's. */
type Mark = ':' | '-' | ' ';

/** A line as people read it: number, stage, message. */
export function formatLine(line: LogLine, style: LineStyle, mark: Mark = ' '): string {
  if (style.form === 'json') return jsonText(line, style.terminal);
  const time = style.timestamps === true ? `${timeOf(line)}  ` : '';
  const message = printable(line.Message, style.terminal);
  if (style.form === 'raw') return `${time}${message}`;
  const number = String(line.LineNumber).padStart(NUMBER_WIDTH);
  const head = `${number}${mark} ${time}${line.BuildStage.padEnd(STAGE_WIDTH)}`;
  return style.terminal ? `\x1b[${mark === ':' ? BOLD : DIM}m${head}\x1b[0m  ${message}` : `${head}  ${message}`;
}

/** A text of a build as it may be shown: control characters do nothing to a terminal. */
export function printable(text: string, terminal: boolean): string {
  return terminal ? harmless(text) : text;
}

/** A reply as JSON: on a terminal the control characters that JSON lets pass are escaped as well. */
export function jsonText(value: unknown, terminal: boolean, indent?: number): string {
  const text = JSON.stringify(value, null, indent);
  if (!terminal) return text;
  return text.replace(/[\x7f-\x9f]/g, (control) => `\\u00${control.charCodeAt(0).toString(16)}`);
}

function timeOf(line: LogLine): string {
  return line.Time === undefined ? UNKNOWN_TIME : new Date(line.Time).toISOString();
}

/** Colours pass; every other control sequence of a build is shown and does nothing to the terminal. */
function harmless(message: string): string {
  const shown = message.replace(
    /(\x1b\[[\d;]*m)|([\x00-\x08\x0b-\x1f\x7f-\x9f])/g,
    (_, colour?: string, control?: string) => {
      if (colour !== undefined) return colour;
      const code = control?.charCodeAt(0) ?? 0;
      return code < 0x20 ? `^${String.fromCharCode(code + 64)}` : `\\x${code.toString(16)}`;
    },
  );
  return shown.includes('\x1b[') ? `${shown}\x1b[0m` : shown;
}
