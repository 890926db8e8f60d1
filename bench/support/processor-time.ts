import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

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

/** Processor time so far of what a process has started and whose program has a name that begins so, in ms. */
export function startedMs(pid: number, program: string): number {
  const isOne = (each: number) => each !== pid && programOf(each).startsWith(program);
  return processTree(pid)
    .filter(isOne)
    .reduce((sum, each) => sum + processorMs(each), 0);
}

/** The file name of the program, or of the script that it runs; empty if it has ended. */
function programOf(pid: number): string {
  try {
    const [program = '', script = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return basename(/python/.test(program) ? script : program);
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
