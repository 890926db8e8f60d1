import { actionCovers, resourceCovers } from './glob.ts';
import { JsonMistake, jsonPlaces } from './json-places.ts';
import { type Policy, PolicyMistake, parsePolicy, type Statement } from './policy.ts';

/** An action that some operation asks for, and the resources on which it does: `*`, or paths with places in braces. */
export interface KnownAction {
  readonly action: string;
  readonly resources: readonly string[];
}

/** What is wrong with the text of a policy, and where, counted from 1. */
export interface PolicyNote {
  readonly line: number;
  readonly column: number;
  /** The server refuses a policy with an error. With a warning it takes it, but the policy probably does not do what is meant. */
  readonly severity: 'Error' | 'Warning';
  readonly message: string;
}

/** The services whose resources this server has. */
const SERVICES = ['cr', 'ram', 'sts', 'ims', 'actiontrail', 'slipway'];

/**
 * What the author of a policy should know of its text: the mistake for which the server would refuse it, or else what it
 * contains in vain. Pure.
 */
export function checkPolicyText(text: string, known: readonly KnownAction[]): PolicyNote[] {
  let places: ReadonlyMap<string, number>;
  try {
    places = jsonPlaces(text);
  } catch (error) {
    if (!(error instanceof JsonMistake)) throw error;
    return [{ ...positionOf(text, error.offset), severity: 'Error', message: error.message }];
  }
  const note = (severity: PolicyNote['severity'], place: string, message: string): PolicyNote => ({
    ...positionOf(text, offsetOf(places, place)),
    severity,
    message,
  });
  try {
    return warningsOf(parsePolicy(text), known).map(({ place, message }) => note('Warning', place, message));
  } catch (error) {
    if (!(error instanceof PolicyMistake)) throw error;
    return [note('Error', error.place, error.message)];
  }
}

interface Warning {
  place: string;
  message: string;
}

function warningsOf({ statements }: Policy, known: readonly KnownAction[]): Warning[] {
  return statements.flatMap((statement, index) => {
    const place = `Statement[${index}]`;
    return [...actionWarnings(statement, place, known), ...resourceWarnings(statement, place)];
  });
}

function actionWarnings({ actions, except, resources }: Statement, place: string, known: readonly KnownAction[]) {
  const list = `${place}.${except ? 'NotAction' : 'Action'}`;
  return actions.flatMap((pattern, index): Warning[] => {
    const named = known.filter(({ action }) => actionCovers(pattern, action));
    const at = `${list}[${index}]`;
    if (named.length === 0)
      return [{ place: at, message: `unknown action: nothing on this server asks for ${pattern}` }];
    // Patterns name many actions, of which some are meant.
    const needsAll = named.length === 1 && named[0]?.resources.every((resource) => resource === '*');
    if (except || !needsAll || resources.some((resource) => resourceCovers(resource, '*'))) return [];
    const message = `${pattern} is asked for on *, which has no narrower resource; no resource of this statement covers it`;
    return [{ place: at, message }];
  });
}

function resourceWarnings({ resources }: Statement, place: string): Warning[] {
  return resources.flatMap((resource, index) => {
    const service = resource.split(':')[1];
    if (service === undefined || SERVICES.some((each) => actionCovers(service, each))) return [];
    return [
      { place: `${place}.Resource[${index}]`, message: `nothing on this server is a resource of acs:${service}` },
    ];
  });
}

/** The offset of a place, or of what it is in: lists of one may be written as single values. */
function offsetOf(places: ReadonlyMap<string, number>, place: string): number {
  let part = places.has('Statement[0]') ? place : place.replace(/^Statement\[0\]/, 'Statement');
  while (part !== '' && !places.has(part)) part = part.slice(0, Math.max(0, part.search(/[.[][^.[]*$/)));
  return places.get(part) ?? 0;
}

function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
