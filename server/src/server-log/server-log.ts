import { withoutControls } from '#rpc/control-characters.ts';
import { Masker } from '#runner/mask/masker.ts';
import { FloodLimit } from './flood-limit.ts';
import { clipped, LEVELS, type LogEntry } from './log-entry.ts';
import { textLine } from './text-line.ts';

/** How lines are written. */
export interface LogManner {
  /** `text` for people, `json` for programs. */
  readonly format: 'text' | 'json';
  /** The destination is the journal of systemd, which reads a priority before each line and has its own time. */
  readonly journal?: boolean;
}

/** What journald and Docker take as one line. */
const LINE_LIMIT_CHARS = 8192;
const READ_LIMIT_CHARS = 2 * LINE_LIMIT_CHARS;
const SECRET_LIMIT_CHARS = 1024;
const VALUE_LIMIT_CHARS = 1000;
const LIST_LIMIT = 20;
/** The message for lines that were left out. */
const LEFT_OUT = 'lines like this were left out of the log in the last minute';

/**
 * Where the server's own log goes: one entry is one line of limited length, with secrets masked as in the logs of
 * builds. Whatever callers send, it ends no line and moves no cursor. Of lines that repeat too often, only their number
 * is written.
 */
export class ServerLog {
  readonly #masker = new Masker([]);
  readonly #destination: { write(line: string): unknown };
  readonly #manner: LogManner;
  readonly #flood = new FloodLimit(({ message, count }) =>
    this.#put({ level: LEVELS.warn, time: Date.now(), msg: LEFT_OUT, like: message, count }),
  );

  constructor(destination: { write(line: string): unknown }, manner: LogManner = { format: 'json' }) {
    this.#destination = destination;
    this.#manner = manner;
  }

  /** Keeps one more secret out of all that follows. */
  keepOut(secret: string): void {
    this.#masker.add(secret);
  }

  /** Takes a line as pino gives it. */
  write(line: string): void {
    const entry = this.#masked(JSON.parse(line)) as LogEntry;
    const { level, msg, sourceIp } = entry;
    // An operator who asks for all lines gets them.
    const isLimited = Number(level) > LEVELS.debug;
    if (isLimited && !this.#flood.admits(String(msg), typeof sourceIp === 'string' ? sourceIp : undefined)) return;
    this.#put(entry);
  }

  /** Writes what is still to be said about lines that were left out. */
  flush(): void {
    this.#flood.flush();
  }

  /** Each text by itself, so that what is left is still an entry. */
  #masked(value: unknown): unknown {
    if (typeof value === 'string') return this.#maskedText(value);
    if (Array.isArray(value)) return value.map((item) => this.#masked(item));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([name, item]) => [this.#maskedText(name), this.#masked(item)]);
    return Object.fromEntries(entries);
  }

  /** Of a text that no line holds, only a beginning is read. Its end may be a part of a secret, which is not recognized. */
  #maskedText(text: string): string {
    if (text.length <= READ_LIMIT_CHARS) return this.#masker.text(text);
    const read = this.#masker.text(text.slice(0, READ_LIMIT_CHARS)).slice(0, -SECRET_LIMIT_CHARS);
    return `${read}… (${text.length} characters)`;
  }

  #put(entry: LogEntry): void {
    const { format, journal = false } = this.#manner;
    const line = format === 'json' ? jsonLine(entry) : textLine(entry, { withTime: !journal });
    const bounded = format === 'json' ? line : clipped(line, LINE_LIMIT_CHARS);
    this.#destination.write(`${journal ? `<${priorityOf(entry)}>` : ''}${bounded}\n`);
  }
}

function jsonLine(entry: LogEntry): string {
  const text = JSON.stringify(entry);
  const { level, time, msg } = entry;
  const shorter = text.length <= LINE_LIMIT_CHARS ? text : JSON.stringify(entry, shortened);
  const line =
    shorter.length <= LINE_LIMIT_CHARS
      ? shorter
      : JSON.stringify({ level, time, msg: clipped(String(msg), VALUE_LIMIT_CHARS), leftOutChars: text.length });
  return withoutControls(line);
}

function shortened(_name: string, value: unknown): unknown {
  if (typeof value === 'string') return clipped(value, VALUE_LIMIT_CHARS);
  return Array.isArray(value) && value.length > LIST_LIMIT ? [...value.slice(0, LIST_LIMIT), '…'] : value;
}

/** syslog(3); sd-daemon(3) says how a line begins with it. */
function priorityOf({ level }: LogEntry): number {
  const number = Number(level);
  if (number > LEVELS.error) return 2;
  if (number >= LEVELS.error) return 3;
  if (number >= LEVELS.warn) return 4;
  return number >= LEVELS.info ? 6 : 7;
}
