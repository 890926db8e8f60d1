import { invalidParameter } from '#rpc/errors/api-error.ts';
import type { Headers } from '#signature/headers.ts';

/** The two encodings of a reply. */
export type ReplyFormat = 'json' | 'xml';

/** Exactly these: the vendor's Node clients read XML only under this very text. */
export const CONTENT_TYPES = { json: 'application/json;charset=utf-8', xml: 'text/xml;charset=utf-8' } as const;

/**
 * The parameter `Format` decides, in any case; else `Accept: application/json` asks for JSON; else form v1 gets XML,
 * as the vendor documents it, and form ACS3 JSON, as its clients expect. Throws on another Format.
 */
export function replyFormat(headers: Headers, parameters: ReadonlyMap<string, string>): ReplyFormat {
  const format = (parameters.get('Format') ?? '').toLowerCase();
  if (format === 'json' || format === 'xml') return format;
  if (format !== '') throw invalidParameter('Format', 'it must be JSON or XML.');
  return formatFromHeaders(headers);
}

/** The same without parameters, for requests whose parameters could not be read. */
export function formatFromHeaders(headers: Headers): ReplyFormat {
  const says = (name: string, text: string) => headers.get(name)?.some((value) => value.toLowerCase().includes(text));
  return says('accept', 'application/json') || says('authorization', 'acs3-') ? 'json' : 'xml';
}
