import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skipSummary } from './skip-summary.ts';

test('the summary of a tier counts the tests that ran, and names each that was skipped with its reason', () => {
  const ended = [
    { name: 'a pair', nesting: 1 },
    { name: 'docker', nesting: 1, skip: 'docker is not installed here' },
    { name: 'logins', nesting: 0 },
    { name: 'podman', nesting: 0, skip: 'podman is not installed here' },
    { name: 'other', nesting: 0, skip: true },
  ];
  assert.equal(
    skipSummary(ended),
    'tests that ran: 1, skipped: 3:\n  docker: docker is not installed here\n  podman: podman is not installed here\n  other: no reason was given\n',
  );
  assert.equal(skipSummary([{ name: 'logins', nesting: 0 }]), 'tests that ran: 1, skipped: 0\n');
});
