import type { Line } from '../api/build.ts';
import { PLAIN, type Style, styleAfter } from './sgr.ts';

/** The styles of a page of lines: for each line, the one that it begins with. */
export interface PageStyles {
  readonly styles: Style[];
  /** For each step with lines so far, the style that its next line begins with. */
  readonly open: Map<string, Style>;
}

/** The styles of a page that begins where `before` ended; plain if that is not known. */
export function beginStyles(before: PageStyles | undefined): PageStyles {
  return { styles: [], open: new Map(before?.open) };
}

/**
 * Extends styles to the lines that a page has now. Colours go on over line ends within a step, also where steps run in
 * parallel; what the builder says has no style but its own.
 */
export function extendStyles({ styles, open }: PageStyles, lines: readonly Line[]): void {
  for (let at = styles.length; at < lines.length; at++) {
    const line = lines[at];
    if (line === undefined || line.Step === 0) {
      styles.push(PLAIN);
      continue;
    }
    const step = `${line.Attempt} ${line.Step}`;
    const style = open.get(step) ?? PLAIN;
    styles.push(style);
    const next = styleAfter(style, line.Message);
    if (next === PLAIN) open.delete(step);
    else open.set(step, next);
  }
}
