/**
 * The output of steps goes around the builder (docs/decisions/0029). A mark tells the builder which stream a step has:
 * it comes first in the step's own output as the builder sees it, and no step knows it.
 */
export interface StepStreams {
  /** Made for one build, 32 hexadecimal digits. */
  readonly mark: string;
  /** Asks for the stream to be read as the output of this step. The step's program waits for that. */
  open(stream: string, step: number): void;
}

const LARGEST_MARK_BYTES = 128;
const NAMED_FORM = /^ ([a-z0-9]{1,64})\n$/;

/** The name of the stream that a piece of the builder's output marks; undefined if it marks none. */
export function streamMarked(piece: Buffer, mark: string): string | undefined {
  if (piece.length > LARGEST_MARK_BYTES) return undefined;
  const text = piece.toString('latin1');
  return text.startsWith(mark) ? NAMED_FORM.exec(text.slice(mark.length))?.[1] : undefined;
}

/** Whether a stream may have this name. */
export function isStreamName(name: unknown): name is string {
  return typeof name === 'string' && /^[a-z0-9]{1,64}$/.test(name);
}
