import { FAILPOINTS } from '../../../logbook/src/disk/failpoint.ts';
import type { Chance } from '../chance.ts';
import type { Moment } from '../stop-at-moment.ts';

/** A moment of a build at which something is killed. */
export interface KillMoment extends Omit<Moment, 'count'> {
  name: string;
  /** Among how many of the first times that the server comes there it is chosen. */
  amongTimes: number;
}

/** What is killed. */
export const VICTIMS = ['server', 'database', 'store'] as const;
export type Victim = (typeof VICTIMS)[number];

/** The statements that decide what becomes of a build, in the order of its life. */
const STATEMENTS: Record<string, string> = {
  'its claim': '^update "build_record" set "status" = \\$1, "started_ms"',
  'the beginning of its push': '^insert into "manifest_push"',
  'the end of its push': '^delete from "manifest_push"',
  'its tag': '^insert into "tag"',
  'its end': '^update "build_record" set "status" = \\$1, "ended_ms"',
  'the name of its archive': '^insert into "sealed_log"',
};
const SIDES = ['before', 'sent', 'after'] as const;
/** A build that is over soon commits lines about as often. */
const APPENDS = 5;
/** And writes about as often to the database. */
const WRITES = 40;

/** Each moment. A log whose lines are appended once more has its failpoint once more. */
export const MOMENTS: readonly KillMoment[] = [
  ...FAILPOINTS.map((at) => ({ name: at, at, amongTimes: at.startsWith('append.') ? APPENDS : 1 })),
  ...Object.entries(STATEMENTS).flatMap(([name, statement]) =>
    SIDES.map((side) => ({ name: `${side} ${name}`, at: `statement.${side}` as const, statement, amongTimes: 1 })),
  ),
  ...SIDES.map((side) => ({ name: `${side} any write`, at: `statement.${side}` as const, amongTimes: WRITES })),
];

/** What a round does. */
export interface Round {
  moment: KillMoment;
  victim: Victim;
}

/**
 * Rounds by chance: each moment comes as often as any other, give or take one, and each with its victims by turn. As many rounds as there are moments
 * have each moment; three times as many have each moment with each victim.
 */
export function planRounds(rounds: number, chance: Chance): Round[] {
  const turn = chance.below(VICTIMS.length);
  const planned: Round[] = [];
  for (let lap = 0; planned.length < rounds; lap += 1) {
    const round = (moment: KillMoment, at: number) => ({ moment, victim: VICTIMS[(turn + at + lap) % 3] ?? 'server' });
    planned.push(...shuffled(MOMENTS.map(round), chance));
  }
  return planned.slice(0, rounds);
}

function shuffled<T>(list: readonly T[], chance: Chance): T[] {
  const left = [...list];
  return list.map(() => left.splice(chance.below(left.length), 1)[0] as T);
}
