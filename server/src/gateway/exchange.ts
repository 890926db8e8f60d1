import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallRecord } from '#audit/call-record.ts';
import type { Decision } from '#ram/decide.ts';
import type { Principal } from '#ram/principal.ts';
import { type CallEnd, endedCalls } from '#rpc/call-channel.ts';
import { callOrigin } from '#signature/call-origin.ts';
import type { Headers } from '#signature/headers.ts';
import type { Verifier } from '#signature/verify-signature.ts';
import type { FoundOperation } from './find-operation.ts';
import type { ReplyFormat } from './reply-format.ts';
import type { ReplyTurn } from './reply-turn.ts';

/** What is known of an exchange from its first byte, and how it will be answered. */
export interface Exchange {
  readonly requestId: string;
  readonly hostId: string;
  readonly headers: Headers;
  readonly turn: ReplyTurn;
  format: ReplyFormat;
  found?: FoundOperation;
  principal?: Principal;
  decision?: Decision;
}

/** Where an exchange is noted when it was answered. */
interface NoteMeans {
  readonly calls?: Pick<CallRecord, 'note'>;
  readonly means: { now(): number };
  readonly trustedProxies?: Verifier['trustedProxies'];
}

/** Whether an operation only reads. */
export function isRead({ spec }: FoundOperation): boolean {
  return spec.level === 'Read' || spec.level === 'List';
}

/** Records a call, with as much as was known when it was answered, and tells the rest of the server that it ended. */
export function endCall(
  exchange: Exchange,
  { message, response }: { message: IncomingMessage; response: ServerResponse },
  means: NoteMeans,
  code: string,
): void {
  noteCall(exchange, message, means, code);
  const { requestId, found } = exchange;
  endedCalls.publish({ api: 'rpc', response, requestId, action: found?.action, code } satisfies CallEnd);
}

function noteCall(
  { requestId, found, principal, decision }: Exchange,
  message: IncomingMessage,
  { calls, means, trustedProxies }: NoteMeans,
  code: string,
): void {
  const call = principal?.call;
  calls?.note({
    timeMs: call?.timeMs ?? means.now(),
    requestId,
    callerArn: principal?.arn ?? '',
    accessKeyId: principal?.accessKeyId ?? '',
    // Of a refusal, the action that was denied: it need not be the call's own.
    action: decision?.action ?? found?.spec.ramAction ?? '',
    resource: decision?.resource ?? '',
    sourceIp: call ? call.sourceIp : callOrigin(message, trustedProxies).sourceIp,
    reads: found !== undefined && isRead(found),
    denied: decision?.allowed === false,
    code,
  });
}
