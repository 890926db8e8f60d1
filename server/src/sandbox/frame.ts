/**
 * The helper's reply: frames of one type byte, the payload's length as 32 bits big-endian, and the payload.
 * `output` carries what the builder prints, as the bytes came, `line` a line of the helper's own for the log, `again` such a line
 * after which another builder begins with the same build; `result` or `refusal` (JSON, both) is the last frame of a connection. A connection that ends without one of them lost its helper.
 */
export const frameTypes = { output: 1, result: 2, refusal: 3, line: 4, again: 5 } as const;

/** One frame as read. */
export type Frame = { type: number; payload: Buffer };

const headerBytes = 5;
const largestPayloadBytes = 16 * 2 ** 20;

/** Header and payload of a frame, as two buffers so that the payload is not copied. */
export function encodeFrame(type: number, payload: Buffer): [Buffer, Buffer] {
  const header = Buffer.allocUnsafe(headerBytes);
  header.writeUInt8(type, 0);
  header.writeUInt32BE(payload.length, 1);
  return [header, payload];
}

/** Cuts a byte stream into frames. Throws when a frame is larger than any that the helper writes. */
export async function* readFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (rest.length - at >= headerBytes) {
      const length = rest.readUInt32BE(at + 1);
      if (length > largestPayloadBytes) throw new Error(`a frame of ${length} bytes from the sandbox helper`);
      if (rest.length - at - headerBytes < length) break;
      const start = at + headerBytes;
      yield { type: rest.readUInt8(at), payload: rest.subarray(start, start + length) };
      at = start + length;
    }
    rest = rest.subarray(at);
  }
}
