import type { Seal, Verdict } from '../format/seal.ts';
import type { LogWriter } from './log-writer.ts';

/** Seals a log, or releases it so that a later try is possible. */
export async function sealOrRelease(writer: LogWriter, verdict: Verdict): Promise<Seal> {
  try {
    return await writer.seal(verdict);
  } catch (error) {
    await writer.release();
    throw error;
  }
}
