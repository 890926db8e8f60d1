import type { Seal, Verdict } from '../format/seal.ts';
import type { LogWriter } from './log-writer.ts';

/** Seals a log, or lets go of it, so that it may be tried again. */
export async function sealOrRelease(writer: LogWriter, verdict: Verdict): Promise<Seal> {
  try {
    return await writer.seal(verdict);
  } catch (error) {
    await writer.release();
    throw error;
  }
}
