import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { CallRecord } from '#audit/call-record.ts';
import type { Principal } from '#ram/principal.ts';
import { callOrigin } from '#signature/call-origin.ts';
import type { Verifier } from '#signature/verify-signature.ts';

/** What is known about a request until it is answered, for the record of calls. */
interface RequestNote {
  /** Absent until the request is authenticated. */
  caller?: Pick<Principal, 'arn' | 'accessKeyId' | 'call'>;
  /** What was asked for; `denied` is absent if the reply alone decides it. */
  readonly asked: { action: string; resource: string; denied?: boolean }[];
  /** Whether the operation only reads; for other requests the method decides. */
  reads?: boolean;
  /** The code of the refusal in the reply. */
  refusal?: string;
  written?: true;
}

/** Where answered requests are recorded. */
export interface NoteMeans {
  readonly calls?: Pick<CallRecord, 'note'>;
  readonly verifier: Pick<Verifier, 'now' | 'trustedProxies'>;
}

const notes = new WeakMap<FastifyRequest, RequestNote>();

/** The note of a request, to be filled in. */
export function noteOf(request: FastifyRequest): RequestNote {
  const known = notes.get(request);
  if (known) return known;
  const note: RequestNote = { asked: [] };
  notes.set(request, note);
  return note;
}

/** Adds the RequestId to each reply of these routes as a header, and writes the note of its request. */
export function noteAnswers(app: FastifyInstance, means: NoteMeans): void {
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-acs-request-id', request.id);
    writeNote(request, means);
  });
}

/**
 * Writes the note of a request into the record of calls, once: an entry for each action that was asked for, with
 * `success` or the refusal; or one entry for a request that was refused before it asked for anything.
 */
export function writeNote(request: FastifyRequest, { calls, verifier }: NoteMeans): void {
  const note = noteOf(request);
  if (note.written) return;
  note.written = true;
  const { method, routeOptions } = request;
  const { caller, asked, refusal: code = 'success', reads = method === 'GET' || method === 'HEAD' } = note;
  if (code !== 'success' && asked.length === 0)
    asked.push({ action: `${method} ${routeOptions.url ?? '(no route)'}`, resource: '', denied: false });
  for (const { action, resource, denied = code !== 'success' } of asked)
    calls?.note({
      timeMs: caller?.call?.timeMs ?? verifier.now(),
      requestId: request.id,
      callerArn: caller?.arn ?? '',
      accessKeyId: caller?.accessKeyId ?? '',
      action,
      resource,
      sourceIp: callOrigin(request.raw, verifier.trustedProxies).sourceIp,
      reads,
      denied,
      code,
    });
}

/** Whether a RAM action of the registry or of a build only reads. */
export function isRead(action: string): boolean {
  return /:(Get|List|Pull)/.test(action);
}
