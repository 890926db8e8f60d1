/**
 * How the output of steps is had, which goes around the builder (docs/decisions/0029). The builder is told of each step's stream by a
 * mark: what stands first on the step's own output as the builder sees it, and no step knows.
 */
export type StepStreams = {
  /** Made for one build, 32 hexadecimal digits. */
  readonly mark: string;
  /** Has the stream read, as the output of this step. The step's program waits for that. */
  open(stream: string, step: number): void;
};

const largestMarkBytes = 128;
const namedForm = /^ ([a-z0-9]{1,64})\n$/;

/** The name of the stream that a piece of the builder's output marks; undefined where it marks none. */
export function streamMarked(piece: Buffer, mark: string): string | undefined {
  if (piece.length > largestMarkBytes) return undefined;
  const text = piece.toString('latin1');
  return text.startsWith(mark) ? namedForm.exec(text.slice(mark.length))?.[1] : undefined;
}

/** Whether a stream may have this name. */
export function isStreamName(name: unknown): name is string {
  return typeof name === 'string' && /^[a-z0-9]{1,64}$/.test(name);
}
