/** Stored lines are never longer than this, whatever the settings: recovery reads that far for a line's end. */
export const STORED_LINE_LIMIT_BYTES = 1024 * 1024;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What a stored line says. */
export type StoredLine = { LineNumber: number; Message: string; BuildStage: string };

/**
 * Reads one line of NDJSON (without its end) as strictly as it is written: only the bytes that this engine would have
 * written for line `lineNumber` are that line. Anything else is undefined.
 */
export function parseStoredLine(bytes: Buffer, lineNumber: number): StoredLine | undefined {
  try {
    const text = strictUtf8.decode(bytes);
    const line = JSON.parse(text) as StoredLine;
    if (line.LineNumber !== lineNumber || typeof line.Message !== 'string' || typeof line.BuildStage !== 'string') {
      return undefined;
    }
    const { LineNumber, Message, BuildStage } = line;
    return JSON.stringify({ LineNumber, Message, BuildStage }) === text ? line : undefined;
  } catch {
    // Bytes that are no UTF-8 or no JSON are no line: that is the answer, not a failure.
    return undefined;
  }
}
