import { ApiError, invalidParameter } from '#rpc/errors/api-error.ts';

/** The limit for texts in a body, unless their field is known to take more. */
const TEXT_LIMIT_CHARS = 4096;
const DEPTH_LIMIT = 16;

/**
 * The JSON object in a body, one without fields if there is no body. Its texts have at most 4096 characters each, or the limit in `limits` for their field.
 * Throws `InvalidParameter` for anything else, without showing it.
 */
export function readJsonObject(
  body: Buffer | undefined,
  limits: Readonly<Record<string, number>> = {},
): Record<string, unknown> {
  if (body === undefined || body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // A parser's message shows a piece of the text, which may be a secret.
    throw new ApiError('InvalidParameter', 400, 'The body is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidParameter('the body', 'it is not a JSON object.');
  for (const [name, field] of Object.entries(value)) {
    refuseLong(name.slice(0, SHOWN_CHARS), name, TEXT_LIMIT_CHARS, 1);
    const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
    refuseLong(name, field, limit ?? TEXT_LIMIT_CHARS, 1);
  }
  return value as Record<string, unknown>;
}

const SHOWN_CHARS = 100;

function refuseLong(path: string, value: unknown, limit: number, depth: number): void {
  if (typeof value === 'string' && value.length > limit)
    throw invalidParameter(path, `it is longer than ${limit} characters.`);
  if (typeof value !== 'object' || value === null) return;
  if (depth > DEPTH_LIMIT) throw invalidParameter(path, `it is nested deeper than ${DEPTH_LIMIT}.`);
  for (const [name, entry] of Object.entries(value)) {
    const place = Array.isArray(value) ? `${path}[${name}]` : `${path}.${name.slice(0, SHOWN_CHARS)}`;
    refuseLong(place, name, TEXT_LIMIT_CHARS, depth + 1);
    refuseLong(place, entry, limit, depth + 1);
  }
}
