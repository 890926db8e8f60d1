import type { Line } from '@slipway/client/native.gen.ts';
import { TerminalLines, terminalJson } from './terminal-text.ts';

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
  /** `raw`: only the message; `json`: the line as the API gives it. */
  form?: 'numbered' | 'raw' | 'json';
}

/** The mark after the number of a match, and of a line of context; other lines have none. The marks are grep's. */
type Mark = ':' | '-' | ' ';

/** Prints lines of a log for people: number, stage, message. A colour continues from line to line of a step. */
export class LineFormatter {
  readonly #style: LineStyle;
  readonly #lines = new TerminalLines();
  #before: Line | undefined;

  constructor(style: LineStyle) {
    this.#style = style;
  }

  format(line: Line, mark: Mark = ' '): string {
    const { form, terminal, timestamps } = this.#style;
    if (form === 'json') return jsonText(line, terminal);
    const time = timestamps === true ? `${timeOf(line)}  ` : '';
    const message = terminal ? this.#shown(line) : line.Message;
    if (form === 'raw') return `${time}${message}`;
    const number = String(line.LineNumber).padStart(NUMBER_WIDTH);
    const head = `${number}${mark} ${time}${line.BuildStage.padEnd(STAGE_WIDTH)}`;
    return terminal ? `\x1b[${mark === ':' ? BOLD : DIM}m${head}\x1b[0m  ${message}` : `${head}  ${message}`;
  }

  #shown(line: Line): string {
    if (this.#before === undefined || !follows(this.#before, line)) this.#lines.reset();
    this.#before = line;
    return this.#lines.line(line.Message);
  }
}

/** A reply as JSON: on a terminal, control characters that JSON permits are escaped as well. */
export function jsonText(value: unknown, terminal: boolean, indent?: number): string {
  const text = JSON.stringify(value, null, indent);
  return terminal ? terminalJson(text) : text;
}

/** Whether one program printed both lines, with nothing in between. */
function follows(before: Line, line: Line): boolean {
  return (
    line.LineNumber === before.LineNumber + 1 &&
    line.BuildStage === before.BuildStage &&
    line.Step === before.Step &&
    line.Attempt === before.Attempt
  );
}

function timeOf(line: Line): string {
  return line.Time === undefined ? UNKNOWN_TIME : new Date(line.Time).toISOString();
}
