import { callNative } from '@slipway/client/call-native.ts';
import type { Client } from '@slipway/client/client.ts';
import type { AnswerFlags } from './tool.ts';

/** The facts about a whole log for the flags of an answer; `truncated` depends on the answer. */
export async function logFlags(client: Client, id: string, truncated: boolean): Promise<AnswerFlags> {
  const { Sealed, LogExpireTime, Seal } = await callNative(client, 'getSeal', { id });
  return {
    truncated,
    masked: Seal !== undefined && Seal.maskedValues !== 0,
    partial: Seal?.verdict === 'partial',
    expired: LogExpireTime !== undefined,
    running: !Sealed,
  };
}
