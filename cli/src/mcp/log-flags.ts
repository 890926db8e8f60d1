import type { Client } from '@slipway/client/client.ts';
import { readReply } from '../native-reply.ts';
import type { AnswerFlags } from './tool.ts';

interface SealReply {
  Status: string;
  Sealed: boolean;
  LogExpireTime?: number;
  Seal?: { maskedValues?: number; verdict: string };
}

/** What is known of a whole log, for the flags of an answer about it; `truncated` is the answer's own. */
export async function logFlags(client: Client, id: string, truncated: boolean): Promise<AnswerFlags> {
  const reply = await readReply(await client.fetch(`/api/v1/builds/${id}/log/seal`));
  const { Sealed, LogExpireTime, Seal } = reply as unknown as SealReply;
  return {
    truncated,
    masked: Seal !== undefined && Seal.maskedValues !== 0,
    partial: Seal?.verdict === 'partial',
    expired: LogExpireTime !== undefined,
    running: !Sealed,
  };
}
