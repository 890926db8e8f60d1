import { formatAge } from '../../ui/durations.ts';

/** How long ago something was, as the end of a sentence: `just now`, `3 min ago`. */
export function agoText(ms: number): string {
  const age = formatAge(ms);
  return age === 'now' ? 'just now' : age;
}
