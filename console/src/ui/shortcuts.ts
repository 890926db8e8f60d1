import { useEffect, useSyncExternalStore } from 'react';

/** Keys as they are pressed, and what they do. */
export type Shortcut = readonly [keys: readonly string[], does: string];

/** What the help shows under one heading. */
export interface ShortcutGroup {
  title: string;
  shortcuts: readonly Shortcut[];
}

const HELP = new EventTarget();
let groups: readonly ShortcutGroup[] = [];
const listeners = new Set<() => void>();

/**
 * Adds shortcuts to the help (`?`) while a page or part is shown. The part acts on the keys itself. The list should be a
 * constant: a new array is a new entry.
 */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[]): void {
  useEffect(() => {
    const group = { title, shortcuts };
    change([...groups, group]);
    return () => change(groups.filter((one) => one !== group));
  }, [title, shortcuts]);
}

/** The shortcuts of what is shown now. */
export function useShortcutGroups(): readonly ShortcutGroup[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => groups,
  );
}

/** Opens the help, like the key `?`. */
export function askForHelp(): void {
  HELP.dispatchEvent(new Event('asked'));
}

/** Calls a function when someone asks for the help. */
export function useAskedHelp(open: () => void): void {
  useEffect(() => {
    HELP.addEventListener('asked', open);
    return () => HELP.removeEventListener('asked', open);
  }, [open]);
}

/** Whether a key is text for a field, so that it is no shortcut. */
export function isTyping({ target }: { target: EventTarget | null }): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox], [type=radio])');
}

function change(next: readonly ShortcutGroup[]): void {
  groups = next;
  for (const listener of listeners) listener();
}
