type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/**
 * Whether a key opens the palette: Ctrl K, and ⌘K on Apple's systems, where Ctrl K deletes to the end of the line in
 * every text field. Browsers use both with Shift.
 */
export function opensPalette({ key, ctrlKey, metaKey, altKey, shiftKey }: Key, isApple: boolean): boolean {
  if (key.toLowerCase() !== 'k' || altKey || shiftKey) return false;
  return isApple ? metaKey && !ctrlKey : ctrlKey && !metaKey;
}
