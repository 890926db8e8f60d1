import { useQuery } from '@tanstack/react-query';
import type { Card, LoggedBuild, Section, Step } from '../api/build.ts';
import { cardQuery, sectionsQuery, stepsQuery } from '../api/build-queries.ts';

/** What is known about a build beside its record and the lines of its log; undefined until it was read. */
export interface BuildParts {
  sections: readonly Section[] | undefined;
  steps: readonly Step[] | undefined;
  /** Why it failed. */
  card: Card | undefined;
  cardError: unknown;
}

/**
 * Reads them once for all of a page. A part that read them for itself could be drawn with new ones before the others are:
 * the log would then measure the room that the card and the time line leave to it before they are there.
 */
export function useBuildParts({ BuildRecordId: id, Status: status }: LoggedBuild, over: boolean): BuildParts {
  const { data: sections } = useQuery(sectionsQuery(id, over));
  const { data: steps } = useQuery(stepsQuery(id, over));
  const { data: card, error: cardError } = useQuery(cardQuery(id, status === 'FAILED'));
  return { sections, steps, card, cardError };
}
