import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Line, LogPage } from '../api/build.ts';
import { LogStore } from './log-store.ts';

const ESC = '\u001b';

function line(LineNumber: number, Step: number, Message: string): Line {
  return { LineNumber, Step, Message, BuildStage: 'DOCKER_IMAGE_BUILD', Attempt: 1, Continued: false };
}

function stylesOf(store: LogStore, lines: readonly Line[]): string[] {
  return lines.map(({ LineNumber }) => [...store.style(LineNumber)].join(' '));
}

test('colours go on over line ends within a step, also where steps run in parallel, and never into the words of the builder', () => {
  const store = new LogStore({ page: () => Promise.reject(new Error('not read')) });
  const lines = [
    line(1, 1, `${ESC}[1;32mgreen from here`),
    line(2, 1, 'still green'),
    line(3, 2, 'another step'),
    line(4, 0, `what the builder says ${ESC}[31m`),
    line(5, 1, `${ESC}[39mbold only`),
    line(6, 2, 'plain'),
    line(7, 1, `end${ESC}[0m`),
    line(8, 1, 'plain'),
  ];
  store.append(lines);
  assert.deepEqual(stylesOf(store, lines), ['', 'bold c2', '', '', 'bold c2', '', 'bold', '']);
});

test('colours go on from the page before once that is loaded', async () => {
  const all = Array.from({ length: 300 }, (_, index) => line(index + 1, 1, index === 3 ? `${ESC}[31mred` : 'x'));
  const page = async (offset: number, limit: number) =>
    ({ Lines: all.slice(offset, offset + limit), TotalCount: 300 }) as unknown as LogPage;
  const store = new LogStore({ page });
  store.grow(300);
  const told = new Promise<void>((resolve) => {
    store.subscribe(() => store.line(250) && store.line(1) && resolve());
  });
  store.want([250]);
  await told;
  assert.deepEqual([...store.style(250)], ['c1'], 'the page before the wanted one is read too');
});
