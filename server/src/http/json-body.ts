import { ApiError, invalidParameter } from '#rpc/api-error.ts';

/** The JSON object in a body. Throws `InvalidParameter` for anything else, without showing it. */
export function readJsonObject(body: Buffer | undefined): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // A parser's message shows a piece of the text, which may be a secret.
    throw new ApiError('InvalidParameter', 400, 'The body is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidParameter('the body', 'it is not a JSON object.');
  return value as Record<string, unknown>;
}

/** A text field; undefined if it is absent or empty. Throws `InvalidParameter` for another type. */
export function textField(fields: Record<string, unknown>, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw invalidParameter(name, 'it is not a text.');
  return value;
}

/** A field that is true or false; undefined if it is absent. */
export function flagField(fields: Record<string, unknown>, name: string): boolean | undefined {
  const value = fields[name];
  if (value === undefined || typeof value === 'boolean') return value;
  throw invalidParameter(name, 'it is neither true nor false.');
}
