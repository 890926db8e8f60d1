import { invalidParameter } from './errors/api-error.ts';

/** Refuses a text with a NUL character, which not every database stores. Throws `InvalidParameter`, naming the parameter. */
export function refuseNul(name: string, text: string): void {
  if (text.includes('\0')) throw invalidParameter(name.replaceAll('\0', '\\0'), 'it has a NUL character.');
}
