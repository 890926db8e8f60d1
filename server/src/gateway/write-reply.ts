import type { ServerResponse } from 'node:http';
import type { RawArray } from '#rpc/operation.ts';
import type { FoundOperation } from './find-operation.ts';
import { contentTypes, type ReplyFormat } from './reply-format.ts';
import { xmlBody } from './xml-body.ts';

/** What `run` answered: fields, or a body whose one array is bytes. */
export type RunResult = Record<string, unknown> | { readonly body: Record<string, unknown> & { rawArray: RawArray } };

type FieldList = (readonly [string, unknown])[];

/** Writes a success: the fields of the spec in its order, with those the gateway adds. */
export function writeReply(
  response: ServerResponse,
  found: FoundOperation,
  result: RunResult,
  { requestId, format }: { requestId: string; format: ReplyFormat },
): void {
  const raw = isRaw(result) ? result.body.rawArray : undefined;
  const given: Record<string, unknown> = isRaw(result) ? result.body : result;
  const fields: FieldList = [];
  for (const name of found.spec.replyFields) {
    if (name === 'RequestId') fields.push([name, requestId]);
    else if (name === raw?.name) fields.push([name, raw]);
    else fields.push([name, found.spec.success[name] ?? given[name]]);
  }
  const body = format === 'json' ? jsonReply(fields, raw) : xmlReply(found.action, fields, raw);
  writeBody(response, 200, { requestId, format }, body);
}

/** Writes status, headers and body. A text goes out in one piece with the headers, which is the cheapest. */
export function writeBody(
  response: ServerResponse,
  status: number,
  { requestId, format }: { requestId: string; format: ReplyFormat },
  body: string | Buffer,
): void {
  response.writeHead(status, {
    'Content-Type': contentTypes[format],
    'Content-Length': typeof body === 'string' ? Buffer.byteLength(body) : body.length,
    'x-acs-request-id': requestId,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body);
}

/** The raw array is put between brackets as it is: its items were made JSON when they were stored. */
function jsonReply(fields: FieldList, raw: RawArray | undefined): string | Buffer {
  const pieces: Buffer[] = [];
  let text = '{';
  for (const [name, value] of fields) {
    if (value === undefined) continue;
    // Names of fields are plain words of the spec.
    text += `${text.length > 1 || pieces.length > 0 ? ',' : ''}"${name}":`;
    if (raw === undefined || value !== raw) {
      text += JSON.stringify(value);
      continue;
    }
    pieces.push(Buffer.from(`${text}[`), raw.bytes);
    text = ']';
  }
  if (pieces.length === 0) return `${text}}`;
  pieces.push(Buffer.from(`${text}}`));
  return Buffer.concat(pieces);
}

function xmlReply(action: string, fields: FieldList, raw: RawArray | undefined): string {
  const parsed = fields.map(([name, value]): [string, unknown] => {
    return value === raw && raw !== undefined ? [name, JSON.parse(`[${raw.bytes.toString()}]`)] : [name, value];
  });
  return xmlBody(`${action}Response`, parsed);
}

function isRaw(result: RunResult): result is { body: Record<string, unknown> & { rawArray: RawArray } } {
  const { body } = result;
  return typeof body === 'object' && body !== null && 'rawArray' in body;
}
