/** Why a form cannot be read; ends a sentence. */
export class FormMistake extends Error {
  override readonly name = 'FormMistake';
}

const PARTS_LIMIT = 16;
const HEADERS_LIMIT_BYTES = 8 * 1024;
const BLANK_LINE = '\r\n\r\n';

/**
 * The parts of a `multipart/form-data` form (RFC 7578) by name; of several with one name, the first. Undefined for a
 * body of another type. Throws `FormMistake`.
 */
export function parseMultipart(body: Buffer, contentType: string): Map<string, Buffer> | undefined {
  const [type = '', ...parameters] = contentType.split(';');
  if (type.trim().toLowerCase() !== 'multipart/form-data') return undefined;
  const boundary = parameterOf(parameters, 'boundary');
  if (boundary === undefined) throw new FormMistake('the Content-Type of the form names no boundary');
  const parts = new Map<string, Buffer>();
  const separator = `\r\n--${boundary}`;
  // The first one has no line before it.
  const first = `--${boundary}`;
  let at = body.subarray(0, first.length).toString('latin1') === first ? first.length : endOf(body, separator, 0);
  for (let count = 0; body.toString('latin1', at, at + 2) !== '--'; count++) {
    if (count === PARTS_LIMIT) throw new FormMistake(`the form has more than ${PARTS_LIMIT} parts`);
    const content = endOf(body, BLANK_LINE, at);
    if (content - at > HEADERS_LIMIT_BYTES) throw new FormMistake('the headers of a part of the form are too long');
    const headers = body.toString('latin1', at, content);
    const next = endOf(body, separator, content - 2);
    const end = Math.max(content, next - separator.length);
    const name = nameOf(headers);
    if (name !== undefined && !parts.has(name)) parts.set(name, body.subarray(content, end));
    at = next;
  }
  return parts;
}

function endOf(body: Buffer, text: string, from: number): number {
  const found = body.indexOf(text, from, 'latin1');
  if (found < 0) throw new FormMistake('the form ends too soon');
  return found + text.length;
}

/** The name of a part, from its header `Content-Disposition: form-data; name="…"`. */
function nameOf(headers: string): string | undefined {
  const line = headers.split('\r\n').find((each) => each.toLowerCase().startsWith('content-disposition:'));
  return line && parameterOf(line.split(';').slice(1), 'name');
}

/** The text after `NAME=` in one of the parameters of a header, without quotes. */
function parameterOf(parameters: readonly string[], name: string): string | undefined {
  for (const parameter of parameters) {
    const [key = '', ...value] = parameter.split('=');
    if (key.trim().toLowerCase() !== name) continue;
    const text = value.join('=').trim();
    const plain = text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
    return plain === '' || plain.length > 100 ? undefined : plain;
  }
  return undefined;
}
