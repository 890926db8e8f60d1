import type { ConfinedTask } from '../confined-work.ts';

const module = import.meta.url;

/** Gives back what it is given, and the id of the process that does. */
export function echo(input: string): { length: number; pid: number } {
  return { length: input.length, pid: process.pid };
}

export function spin(_input: string): void {
  for (;;);
}

/** An array that grows at once by more than the heap has: in a thread, the whole process ends. */
export function growArray(_input: string): number {
  const items: object[] = [];
  for (;;) items.push({ items });
}

export function growBuffers(_input: string): number {
  const buffers: Buffer[] = [];
  for (;;) buffers.push(Buffer.alloc(2 ** 24, 1));
}

export function fail(_input: string): never {
  throw new Error('as it should');
}

export const TASKS = {
  echo: { module, run: echo },
  spin: { module, run: spin },
  growArray: { module, run: growArray },
  growBuffers: { module, run: growBuffers },
  fail: { module, run: fail },
} satisfies Record<string, ConfinedTask<string, unknown>>;
