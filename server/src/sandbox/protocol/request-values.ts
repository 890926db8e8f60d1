/** The helper's refusal; `code` says what the caller can fix. */
export class RefusedRequest extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The fields of a request, not yet checked. */
export type Fields = Record<string, unknown>;

/** A list with a maximum length. */
export function listOf(value: Fields, name: string, most: number): unknown[] {
  const list = value[name];
  if (!Array.isArray(list) || list.length > most) throw bad(name, list);
  return list;
}

/** A whole number in a range. */
export function whole(value: Fields, name: string, least: number, most: number): number {
  const given = value[name];
  if (typeof given !== 'number' || !Number.isInteger(given) || given < least || given > most) throw bad(name, given);
  return given;
}

/** True or false. */
export function flag(value: Fields, name: string): boolean {
  const given = value[name];
  if (typeof given !== 'boolean') throw bad(name, given);
  return given;
}

/** A limit in a range. */
export function within(value: Fields, name: string, least: number, most: number, whole: boolean): number {
  const given = value[name];
  if (typeof given !== 'number' || !(given >= least && given <= most) || (whole && !Number.isInteger(given))) {
    throw bad(`limits.${name}`, given);
  }
  return given;
}

/** A text that matches a pattern. */
export function matching(name: string, given: unknown, form: RegExp): string {
  if (typeof given !== 'string' || !form.test(given)) throw bad(name, given);
  return given;
}

/** Whether a value is an object with fields. */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The refusal of a value; names the field. */
export function bad(name: string, given: unknown): RefusedRequest {
  const shown = JSON.stringify(given) ?? 'undefined';
  return new RefusedRequest('bad-request', `${name} is not acceptable: ${shown.slice(0, 200)}`);
}
