/** A count and its noun, such as `1 tag` or `2 tags`; `many` where the plural is not the noun and an s. */
export function counted(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}
