/*
 * PostgreSQL parses and plans a statement each time it gets its text, which can take longer than to run it. One that every call makes has a
 * name: a connection sends its text once. Only fixed texts with named columns have one: each stays in the memory of every connection.
 */

const names = new Map<string, string>();

/** Gives a statement a name, for the connections of PostgreSQL. Returns its text. */
export function prepared(text: string): string {
  if (!names.has(text)) names.set(text, `slipway-${names.size}`);
  return text;
}

/** The name of a statement, if it has one. */
export function preparedName(text: string): string | undefined {
  return names.get(text);
}
