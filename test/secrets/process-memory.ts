import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';

const PAGE_BYTES = 4096;
// proc(5), pagemap: a page in memory, and a page that is swapped out.
const PRESENT_OR_SWAPPED = 0xc0;

/** A process and its descendants, except those that end meanwhile. */
export function familyOf(pid: number): number[] {
  const tasks = unlessGone(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  const children = tasks.flatMap((task) =>
    (unlessGone(() => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')) ?? '').split(' ').filter(Boolean),
  );
  return [pid, ...children.map(Number).flatMap(familyOf)];
}

/** The memory read from a process, or undefined if the process is gone. */
export function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

/** The names of those texts that are in the memory of a process, in UTF-8 or UTF-16; it needs root. */
export function searchMemory(pid: number, texts: Readonly<Record<string, string>>): string[] {
  const needles = Object.entries(texts).flatMap(([name, text]) => [
    { name, needle: Buffer.from(text) },
    { name, needle: Buffer.from(text, 'utf16le') },
  ]);
  const found = new Set<string>();
  for (const part of memoryOf(pid)) {
    for (const { name, needle } of needles) if (part.includes(needle)) found.add(name);
  }
  return [...found].sort();
}

/**
 * All memory that a process can read, one range of pages at a time: the content of a core dump, and mapped files too.
 * Skips pages that were never touched: a JavaScript engine reserves far more than it uses.
 */
function* memoryOf(pid: number): Generator<Buffer> {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const pagemap = openSync(`/proc/${pid}/pagemap`, 'r');
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, from, to, name = ''] = /^(\w+)-(\w+) r\S* \S+ \S+ \S+ *(.*)$/.exec(line) ?? [];
      // The kernel's own pages in every process cannot be read this way.
      if (from === undefined || /^\[v(var|syscall)/.test(name)) continue;
      const start = BigInt(`0x${from}`);
      const count = Number((BigInt(`0x${to}`) - start) / BigInt(PAGE_BYTES));
      for (const { first, last } of runsOfPages(pagemap, start, count)) {
        const part = Buffer.alloc((last - first) * PAGE_BYTES);
        yield part.subarray(0, readUnlessDevice(memory, part, start + BigInt(first * PAGE_BYTES)));
      }
    }
  } finally {
    closeSync(memory);
    closeSync(pagemap);
  }
}

function* runsOfPages(pagemap: number, start: bigint, count: number): Generator<{ first: number; last: number }> {
  const entries = Buffer.alloc(count * 8);
  readSync(pagemap, entries, 0, entries.length, (start / BigInt(PAGE_BYTES)) * 8n);
  const isThere = (page: number) => ((entries[page * 8 + 7] ?? 0) & PRESENT_OR_SWAPPED) !== 0;
  for (let first = 0; first < count; ) {
    let last = first;
    while (last < count && isThere(last)) last++;
    if (last > first) yield { first, last };
    first = last + 1;
  }
}

/** How much was read; device memory cannot be read, and no core dump has it either. */
function readUnlessDevice(memory: number, part: Buffer, at: bigint): number {
  try {
    return readSync(memory, part, 0, part.length, at);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EIO') return 0;
    throw error;
  }
}
