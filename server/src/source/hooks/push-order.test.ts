import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderPush, type PushOrder } from './push-order.ts';

const NONE = '0'.repeat(40);

/** Which of these pushes, reported in this order, are late. Each is `before>after`, followed by `@time` if the host gives one. */
function late(...pushes: string[]): string[] {
  let order: PushOrder | undefined;
  return pushes.filter((text) => {
    const [, before = '', after = '', time] = /^(\w*)>(\w+)(?:@(\d+))?$/.exec(text) ?? [];
    const pushedMs = time === undefined ? undefined : Number(time);
    const given = { before: before === '' ? undefined : before, after, pushedMs };
    const ordered = orderPush(order, given);
    order = ordered.order;
    return ordered.isLate;
  });
}

test('pushes reported in order are never late, even with force-pushes, recreated tags, duplicate hooks and lost events', () => {
  for (const pushes of [
    ['a>b', 'b>c', 'c>d'],
    ['a>b', 'b>a', 'a>b', 'b>a', 'a>b'],
    ['a>b', 'a>b'],
    [`${NONE}>t`, `t>${NONE}`, `${NONE}>t`],
    [`${NONE}>t`, `${NONE}>t`],
    [`${NONE}>t`, `${NONE}>u`, `${NONE}>t`],
    ['a>b', 'c>d', 'd>e'],
    ['>a', '>b', '>a'],
    ['a>b@1', 'b>c@2', 'c>a@3', 'a>b@4'],
    ['a>b@5', 'b>c@5'],
    // The host's clock was set back.
    ['a>b@900', 'b>c@5', 'c>d@6'],
    ['a>b@1', 'c>d@9'],
  ])
    assert.deepEqual(late(...pushes), [], pushes.join(' '));
});

test('a push reported after a newer one is late, by the host’s times or by the chain of commits', () => {
  for (const [pushes, expected] of [
    [['a>b', 'c>d', 'b>c'], ['b>c']],
    [['b>c', 'a>b'], ['a>b']],
    [['b>c', `${NONE}>b`], [`${NONE}>b`]],
    [
      ['z>a', 'c>d', 'a>b', 'b>c', 'd>e'],
      ['a>b', 'b>c'],
    ],
    [
      ['z>a', 'c>d', 'b>c', 'a>b', 'd>e'],
      ['b>c', 'a>b'],
    ],
    [['a>b', 'b>c', 'c>d', 'a>b'], ['a>b']],
    [['b>c@2', 'x>y@1'], ['x>y@1']],
    [['>c@2', '>b@1'], ['>b@1']],
    [['b>c@2', 'a>b@2'], ['a>b@2']],
  ] as const)
    assert.deepEqual(late(...pushes), expected, pushes.join(' '));
});

test('the state kept about pushes is bounded, however many there are', () => {
  let order: PushOrder | undefined;
  for (let count = 0; count < 1000; count++)
    order = orderPush(order, { before: `${2 * count}x`, after: `${2 * count + 1}x`, pushedMs: undefined }).order;
  assert.ok((order?.told.length ?? 0) <= 32 && (order?.gaps.length ?? 0) <= 8);
});
