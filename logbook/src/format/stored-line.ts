/** The byte that ends a stored line. */
export const LF = 10;
/** The maximum length of a stored line under any settings. Recovery searches this far for a line's end. */
export const STORED_LINE_LIMIT_BYTES = 1024 * 1024;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The content of a stored line. */
export interface StoredLine {
  LineNumber: number;
  Message: string;
  BuildStage: string;
}

/**
 * Reads one line of NDJSON (without its end) strictly: accepts only the bytes that this engine would have written for line
 * `lineNumber`. Returns undefined for anything else.
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
    // Bytes that are not UTF-8 or not JSON are not a line. This is an answer, not an error.
    return undefined;
  }
}
