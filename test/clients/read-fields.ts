import assert from 'node:assert/strict';

/**
 * Compares a reply with what an SDK read of it: a value that the SDK has a field for must be the one that was sent.
 * Returns the paths of the fields that it has no place for.
 */
export function unreadFields(path: string, sent: unknown, read: unknown): string[] {
  if (typeof sent !== 'object' || sent === null) {
    assert.deepEqual(read, sent, path);
    return [];
  }
  assert.ok(typeof read === 'object' && read !== null, `${path} was read as ${JSON.stringify(read)}`);
  if (Array.isArray(sent)) {
    assert.equal(Array.isArray(read) ? read.length : 'no list', sent.length, path);
    return sent.flatMap((value, index) => unreadFields(path, value, (read as unknown[])[index]));
  }
  return Object.entries(sent).flatMap(([name, value]) => {
    const field = `${path}.${name}`;
    return name in read ? unreadFields(field, value, (read as Record<string, unknown>)[name]) : [field];
  });
}
