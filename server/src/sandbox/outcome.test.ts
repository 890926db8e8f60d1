import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideOutcome, type OutcomeFacts } from './outcome.ts';

type Given = Partial<Omit<OutcomeFacts, 'end'>> & Partial<OutcomeFacts['end']['counters']> & { events: string[] };

function outcomeOf({ events, oomKills = 0, pidsMaxEvents = 0, ...facts }: Given) {
  const end = { exitCode: 1, signal: null, events, counters: { oomKills, pidsMaxEvents }, complaints: '' };
  const { reason, phase, exitCode } = decideOutcome({
    end,
    stopped: undefined,
    isDiskFull: false,
    hasSpoken: true,
    ...facts,
  });
  return `${phase} ${reason} ${exitCode}`;
}

test('reads phase and reason from the events and counters, not from the status alone', () => {
  const started = ['start', 'build'];
  const failed = [...started, 'built 7', 'exit 7'];
  const done = [...started, 'built 0', 'exported 0', 'exit 0', 'copied'];
  const cases: [Given, string][] = [
    [{ events: done }, 'done exited 0'],
    [{ events: done, oomKills: 1, pidsMaxEvents: 3 }, 'done exited 0'],
    [{ events: done, stopped: 'timeout' }, 'done exited 0'],
    [{ events: failed }, 'build exited 7'],
    [{ events: failed, oomKills: 1 }, 'build out-of-memory 7'],
    [{ events: failed, pidsMaxEvents: 1 }, 'build pids-limit 7'],
    [{ events: failed, isDiskFull: true }, 'build disk-full 7'],
    [{ events: [...started, 'built 137'] }, 'build exited 137'],
    [{ events: [...started, 'built 137'], hasSpoken: false }, 'build builder-died null'],
    [{ events: [...started, 'built 137'], hasSpoken: false, oomKills: 1 }, 'build out-of-memory 137'],
    [{ events: [...started, 'built 0', 'exported 125'] }, 'export exited 125'],
    [{ events: [...started, 'built 0'] }, 'export builder-died null'],
    [{ events: [...started, 'built 0', 'exported 0', 'exit 0', 'failed copy of the result'] }, 'export builder-died 0'],
    [{ events: started }, 'build builder-died null'],
    [{ events: started, stopped: 'cancelled' }, 'build cancelled null'],
    [{ events: started, stopped: 'timeout', oomKills: 1 }, 'build timeout null'],
    [{ events: started, stopped: 'host-disk-low' }, 'build disk-full null'],
    [{ events: [...started, 'network-died', 'exit 137'] }, 'build network-died null'],
    [{ events: [...started, 'network-died'], oomKills: 1 }, 'build out-of-memory null'],
    [{ events: ['failed store mount'] }, 'setup builder-died null'],
    [{ events: [] }, 'setup builder-died null'],
  ];
  for (const [given, expected] of cases) assert.equal(outcomeOf(given), expected, JSON.stringify(given));
});
