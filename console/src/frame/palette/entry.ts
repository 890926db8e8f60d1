import type { IconName } from '../../ui/icons.tsx';

/** Something that the palette finds, and where it leads. */
export interface Entry {
  /** Unique among all entries. */
  key: string;
  label: string;
  detail?: string | undefined;
  icon: IconName;
  act(): void;
}

/** The entries of one kind. */
export interface EntryGroup {
  title: string;
  entries: readonly Entry[];
}

/** Whether each of some words is in a text, ignoring case. */
export function hasWords(words: string, text: string): boolean {
  const lower = text.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}
