import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideOutcome, type OutcomeFacts } from './outcome.ts';

type Given = Partial<Omit<OutcomeFacts, 'end'>> & Partial<OutcomeFacts['end']['counters']> & { events: string[] };

function outcomeOf({ events, oomKills = 0, pidsMaxEvents = 0, ...facts }: Given) {
  const end = { exitCode: 1, signal: null, events, counters: { oomKills, pidsMaxEvents }, complaints: '' };
  const { reason, phase, exitCode } = decideOutcome({
    end,
    stopped: undefined,
    ...facts,
  });
  return `${phase} ${reason} ${exitCode}`;
}

test('derives phase and reason from the events and counters, not from the exit status alone', () => {
  const started = ['start', 'build'];
  const failed = [...started, 'built 1', 'exit 1'];
  const done = [...started, 'built 0', 'exit 0', 'copied'];
  const cases: [Given, string][] = [
    [{ events: done }, 'done exited 0'],
    [{ events: done, oomKills: 1, pidsMaxEvents: 3 }, 'done exited 0'],
    [{ events: done, stopped: 'timeout' }, 'done exited 0'],
    [{ events: failed }, 'build exited 1'],
    [{ events: failed, oomKills: 1 }, 'build out-of-memory 1'],
    [{ events: failed, pidsMaxEvents: 1 }, 'build pids-limit 1'],
    [{ events: [...started, 'disk-full', 'built 1'] }, 'build disk-full 1'],
    [{ events: [...started, 'built 137'] }, 'build builder-died null'],
    [{ events: [...started, 'built 137'], oomKills: 1 }, 'build out-of-memory 137'],
    [{ events: [...started, 'daemon-died', 'built 1'] }, 'build builder-died null'],
    [{ events: ['start', 'no-daemon it says why'] }, 'setup builder-died null'],
    [{ events: [...started, 'built 0'] }, 'export builder-died 0'],
    [{ events: [...started, 'built 0', 'exit 0', 'failed copy of the result'] }, 'export builder-died 0'],
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
