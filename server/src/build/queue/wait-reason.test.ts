import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitReason } from './wait-reason.ts';

const LIMITS = { perServer: 2, perInstance: 5, perRepository: 1 };

test('a build that waits for a limit is told the limit that would still hold it if the others were raised, and its setting', () => {
  for (const [running, expected] of [
    [{ server: 0, instance: 0, repository: 0 }, undefined],
    [{ server: 1, instance: 4, repository: 0 }, undefined],
    [
      { server: 2, instance: 2, repository: 0 },
      /^this server already runs 2 builds, its limit \(setting concurrent-builds\)$/,
    ],
    [
      { server: 2, instance: 5, repository: 0 },
      /^the instance already runs 5 builds, its limit \(setting instance-builds\)$/,
    ],
    [
      { server: 2, instance: 5, repository: 1 },
      /^its repository already runs 1 build, its limit \(setting repository-builds\)$/,
    ],
  ] as const) {
    const reason = limitReason(running, LIMITS);
    if (expected === undefined) assert.equal(reason, undefined);
    else assert.match(reason ?? '', expected);
  }
  assert.match(
    limitReason({ server: 0, instance: 0, repository: 0 }, { ...LIMITS, perServer: 0 }) ?? '',
    /^no server of this instance builds; /,
  );
});
