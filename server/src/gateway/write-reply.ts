import type { ServerResponse } from 'node:http';
import type { RawArray } from '#rpc/operation.ts';
import { wireAction } from '#rpc/wire-action.ts';
import type { FoundOperation } from './find-operation.ts';
import { CONTENT_TYPES, type ReplyFormat } from './reply-format.ts';
import type { ReplyTurn } from './reply-turn.ts';
import { xmlBody } from './xml-body.ts';

/** What `run` answered: fields, or a body whose one array comes as it is stored. */
export type RunResult = Record<string, unknown> | { readonly body: Record<string, unknown> & { rawArray: RawArray } };

/** How an exchange is answered, whatever the answer. */
export interface ReplyManner {
  readonly requestId: string;
  readonly format: ReplyFormat;
  readonly turn: ReplyTurn;
}

type FieldList = (readonly [string, unknown])[];

/** Writes a success: the fields of the spec in its order, with those the gateway adds. */
export function writeReply(
  response: ServerResponse,
  found: FoundOperation,
  result: RunResult,
  manner: ReplyManner,
): void {
  const { requestId, format } = manner;
  const raw = isRaw(result) ? result.body.rawArray : undefined;
  const given: Record<string, unknown> = isRaw(result) ? result.body : result;
  const fields: FieldList = [];
  for (const name of found.spec.replyFields) {
    if (name === 'RequestId') fields.push([name, requestId]);
    else if (name === raw?.name) fields.push([name, raw]);
    else fields.push([name, found.spec.success[name] ?? given[name]]);
  }
  if (format === 'json') writeBody(response, 200, manner, jsonAsLatin1(fields, raw), 'latin1');
  else writeBody(response, 200, manner, xmlReply(wireAction(found.action), fields, raw));
}

/** Writes status and headers, and the body soon after. A text goes out in one piece with the headers, which is the cheapest. */
export function writeBody(
  response: ServerResponse,
  status: number,
  { requestId, format, turn }: ReplyManner,
  body: string,
  encoding: 'utf8' | 'latin1' = 'utf8',
): void {
  response.writeHead(status, {
    'Content-Type': CONTENT_TYPES[format],
    'Content-Length': Buffer.byteLength(body, encoding),
    'x-acs-request-id': requestId,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  turn.end(response, body, encoding);
}

/**
 * The Latin-1 text of the JSON's UTF-8 bytes. The raw array is put between brackets as it is: its items were made JSON when
 * they were stored.
 */
function jsonAsLatin1(fields: FieldList, raw: RawArray | undefined): string {
  let text = '';
  for (const [name, value] of fields) {
    if (value === undefined) continue;
    const json = raw !== undefined && value === raw ? `[${raw.latin1}]` : asLatin1(JSON.stringify(value));
    // Names of fields are plain words of the spec.
    text += `${text === '' ? '{' : ','}"${name}":${json}`;
  }
  return `${text === '' ? '{' : text}}`;
}

function asLatin1(text: string): string {
  // ASCII is the same in both.
  return /^[ -~]*$/.test(text) ? text : Buffer.from(text).toString('latin1');
}

function xmlReply(action: string, fields: FieldList, raw: RawArray | undefined): string {
  const parsed = fields.map(([name, value]): [string, unknown] => {
    return value === raw && raw !== undefined
      ? [name, JSON.parse(Buffer.from(`[${raw.latin1}]`, 'latin1').toString())]
      : [name, value];
  });
  return xmlBody(`${action}Response`, parsed);
}

function isRaw(result: RunResult): result is { body: Record<string, unknown> & { rawArray: RawArray } } {
  const { body } = result;
  return typeof body === 'object' && body !== null && 'rawArray' in body;
}
