/**
 * The helper's reply: frames of one type byte, the payload's length as 32 bits big-endian, and the payload. `output`
 * carries the builder's output, byte for byte. `line` is a line of the helper's own for the log. `again` is such a line
 * after which another builder begins the same build. `step` carries a step's output and `stepEnd` says that it prints
 * no more, both after the step's number as 32 bits. `result` or `refusal` (both JSON) is the last frame of a
 * connection. A connection that ends without one of them has lost its helper.
 */
export const FRAME_TYPES = { output: 1, result: 2, refusal: 3, line: 4, again: 5, step: 6, stepEnd: 7 } as const;

/** A frame that was read. */
export interface Frame {
  type: number;
  payload: Buffer;
}

const HEADER_BYTES = 5;
const STEP_BYTES = 4;
const LARGEST_PAYLOAD_BYTES = 16 * 2 ** 20;

/** A frame's header, and the parts of its payload unchanged: they are not copied. */
export function encodeFrame(type: number, ...parts: Buffer[]): Buffer[] {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt8(type, 0);
  header.writeUInt32BE(
    parts.reduce((bytes, part) => bytes + part.length, 0),
    1,
  );
  return [header, ...parts];
}

/** The start of a step's frame. */
export function encodeStep(step: number): Buffer {
  const number = Buffer.allocUnsafe(STEP_BYTES);
  number.writeUInt32BE(step);
  return number;
}

/** The step's number and the rest of the payload of a `step` or `stepEnd`. */
export function decodeStep(payload: Buffer): { step: number; rest: Buffer } {
  return { step: payload.readUInt32BE(0), rest: payload.subarray(STEP_BYTES) };
}

/** Splits a byte stream into frames. Throws if a frame is larger than any that the helper writes. */
export async function* readFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (rest.length - at >= HEADER_BYTES) {
      const length = rest.readUInt32BE(at + 1);
      if (length > LARGEST_PAYLOAD_BYTES) throw new Error(`a frame of ${length} bytes from the sandbox helper`);
      if (rest.length - at - HEADER_BYTES < length) break;
      const start = at + HEADER_BYTES;
      yield { type: rest.readUInt8(at), payload: rest.subarray(start, start + length) };
      at = start + length;
    }
    rest = rest.subarray(at);
  }
}
