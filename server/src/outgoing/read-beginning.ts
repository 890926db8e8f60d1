import type { IncomingMessage } from 'node:http';

const LIMIT_BYTES = 1024;

/** The first KiB of a reply; does not wait for more. */
export async function readBeginning(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      parts.push(chunk.subarray(0, LIMIT_BYTES - sizeBytes));
      sizeBytes += chunk.length;
      if (sizeBytes >= LIMIT_BYTES) break;
    }
  } catch {
    // The status has arrived and decides; the rest of the reply is only shown.
  }
  answer.destroy();
  return Buffer.concat(parts).toString();
}
