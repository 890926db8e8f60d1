const URL_FORM = /^https?:\/\/[^/?#@\s]+\/?$/;

/** An entry of a settings file that describes registries, before its fields are read. */
export type RegistryEntry = Readonly<Record<string, unknown>>;

/**
 * Reads a settings file that describes registries: a JSON list of objects with no other fields than `known`. Throws an Error that
 * names the entry and what is wrong with it.
 */
export function parseEntries(text: string, known: readonly string[]): RegistryEntry[] {
  const list = parseJson(text);
  if (!Array.isArray(list)) throw new Error('it must be a list of objects');
  return list.map((entry: unknown, index) => {
    const what = `entry ${index + 1}`;
    if (typeof entry !== 'object' || entry === null) throw new Error(`${what} must be an object`);
    const unknown = Object.keys(entry).find((field) => !known.includes(field));
    if (unknown !== undefined) throw new Error(`${what} has the field ${unknown}; known are ${known.join(', ')}`);
    return entry as RegistryEntry;
  });
}

/** The words of the parser quote the text, in which there are secrets. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('it is not JSON');
  }
}

/** A field of an entry, which `what` names. Throws an Error unless it is a text. */
export function textOf(entry: RegistryEntry, field: string, what: string): string {
  const value = entry[field];
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(`${what} needs ${field}, a text`);
}

/** A field of an entry that is the URL of a host, without a slash at its end. */
export function urlOf(entry: RegistryEntry, field: string, what: string): string {
  const value = textOf(entry, field, what);
  if (URL_FORM.test(value)) return value.replace(/\/$/, '');
  throw new Error(`${what}: ${field} must be https:// or http:// with a host, without a path`);
}

/** Throws an Error for a name that several entries have. */
export function refuseDoubles(names: readonly string[]): void {
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined) throw new Error(`${double} is there twice`);
}
