import { withoutControls } from '#rpc/control-characters.ts';
import { clipped, type LogEntry, levelName } from './log-entry.ts';

const NEEDS_QUOTES = /[\s"=\\]/;
/** Written elsewhere in the line, or the same in each line. */
const LEFT_OUT = new Set(['level', 'time', 'msg', 'host', 'pid', 'hostname', 'err', 'part']);
const VALUE_LIMIT_CHARS = 400;

/**
 * An entry as a line to read: time, level, message, then `name=value` for each detail. An error is its message with
 * those of its causes, and where it was thrown; its whole stack is in JSON only.
 */
export function textLine(entry: LogEntry, options: { withTime: boolean }): string {
  const { msg = '', err, part } = entry;
  const time = options.withTime && typeof entry.time === 'number' ? [new Date(entry.time).toISOString()] : [];
  const text = `${part === undefined ? '' : `${String(part)}: `}${String(msg)}`;
  const details = Object.entries(entry).filter(([name]) => !LEFT_OUT.has(name));
  const found = [...details, ...errorDetails(err)].filter(([, value]) => value !== undefined);
  const words = found.map(([name, value]) => `${withoutControls(name)}=${quoted(value)}`);
  return [...time, levelName(entry).padEnd(5), withoutControls(text), ...words].join(' ');
}

function errorDetails(err: unknown): [string, unknown][] {
  if (typeof err !== 'object' || err === null) return err === undefined ? [] : [['error', err]];
  const { message, stack } = err as { message?: unknown; stack?: unknown };
  const lines = (typeof stack === 'string' ? stack : '').split('\n').map((line) => line.trim());
  const place = lines.find((line) => line.startsWith('at '))?.slice('at '.length);
  return [
    ['error', message ?? err],
    ['at', place],
  ];
}

function quoted(value: unknown): string {
  const text = clipped(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''), VALUE_LIMIT_CHARS);
  if (text !== '' && !NEEDS_QUOTES.test(text)) return withoutControls(text);
  return typeof value === 'string' ? withoutControls(JSON.stringify(text)) : withoutControls(text);
}
