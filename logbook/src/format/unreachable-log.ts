/** A log that cannot be read now: the store that has it does not answer as it should. The same read may succeed later. */
export class UnreachableLog extends Error {
  override readonly name = 'UnreachableLog';
}
