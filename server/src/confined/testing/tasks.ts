import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfinedTask } from '../confined-work.ts';

const module = import.meta.url;

/** Returns the length of its input, and the id of the process that it runs in. */
export function echo(input: string): { length: number; pid: number } {
  return { length: input.length, pid: process.pid };
}

export function spin(_input: string): void {
  for (;;);
}

/** Grows an array until the heap is full. In a thread, that would end the whole process. */
export function growArray(_input: string): number {
  const items: object[] = [];
  for (;;) items.push({ items });
}

export function growBuffers(_input: string): number {
  const buffers: Buffer[] = [];
  for (;;) buffers.push(Buffer.alloc(2 ** 24, 1));
}

/** Tries to use a folder, and to start a program. Returns the code of each refusal, or `allowed`. */
export function reachOut(folder: string): string[] {
  const tries = [
    () => readdirSync(folder),
    () => writeFileSync(join(folder, 'made'), ''),
    () => spawnSync('true', { cwd: '/' }),
  ];
  return tries.map((attempt) => {
    try {
      attempt();
      return 'allowed';
    } catch (error) {
      return String((error as NodeJS.ErrnoException).code);
    }
  });
}

export function fail(_input: string): never {
  throw new Error('as it should');
}

export const TASKS = {
  echo: { module, run: echo },
  spin: { module, run: spin },
  growArray: { module, run: growArray },
  growBuffers: { module, run: growBuffers },
  reachOut: { module, run: reachOut },
  fail: { module, run: fail },
} satisfies Record<string, ConfinedTask<string, unknown>>;
