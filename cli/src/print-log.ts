/** One line of a build's log, as ListRepoBuildRecordLog gives it. */
export interface LogLine {
  LineNumber?: number | undefined;
  Message?: string | undefined;
  BuildStage?: string | undefined;
}

const NUMBER_WIDTH = 6;
const STAGE_WIDTH = 18;

/** A line as people read it: number, stage, message. Off a terminal the message is unchanged. */
export function formatLine(line: LogLine, terminal: boolean): string {
  const number = String(line.LineNumber ?? 0).padStart(NUMBER_WIDTH);
  const stage = (line.BuildStage ?? '').padEnd(STAGE_WIDTH);
  const message = line.Message ?? '';
  return terminal ? `\x1b[2m${number}  ${stage}\x1b[0m  ${harmless(message)}` : `${number}  ${stage}  ${message}`;
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
