import { readFileSync } from 'node:fs';

const CLOCK_TICK_MS = 10;

/** Processor time so far of a process, with its ended children that it waited for, in ms; 0 if it has ended. */
export function processorMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    // utime, stime, and cutime, cstime of awaited children.
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * CLOCK_TICK_MS;
  } catch {
    // It ended meanwhile, so its time is unknown.
    return 0;
  }
}

/** What a process runs, with its arguments; empty if it has ended. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // It ended meanwhile.
    return '';
  }
}

/** A process and all its descendants. */
export function processTree(pid: number): number[] {
  let children: number[] = [];
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    // It ended meanwhile, and has no children any more.
  }
  return [pid, ...children.flatMap(processTree)];
}

/** The descendant of a process that runs a program. */
export function descendantNamed(pid: number, program: string): number {
  const found = processTree(pid).find((each) => readFileSync(`/proc/${each}/comm`, 'utf8').trim() === program);
  if (found === undefined) throw new Error(`process ${pid} has not started ${program}`);
  return found;
}
