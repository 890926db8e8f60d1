import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isProgram } from '../../server/src/sandbox/helper/check-machine.ts';
import { ROOT } from './slipway.ts';

/** A block of commands on a page, in the page's order. */
export interface Block {
  /** `FILE:LINE` of its first command. */
  readonly place: string;
  readonly text: string;
  /** Whether its last command must fail. */
  readonly fails: boolean;
  /** Why it cannot run here; undefined if it can. */
  readonly skipped: string | undefined;
  /** Whether it changes the machine: it runs on a fresh one, which `test/hosts/` makes. */
  readonly changes: boolean;
  /** Lines that its output must contain, in the next `text` block; `…` is any text. */
  readonly output: readonly string[];
}

const CHANGES = 'changes the machine';
const FENCE = /^( *)```(.*)$/;

/**
 * The `sh` blocks of a page, also those within lists. Words after `sh` say how a test runs the block: `fails`, `needs
 * PROGRAM`, `changes the machine`, or `not run: REASON`. Readers do not see them.
 */
export function blocksOf(file: string): Block[] {
  const blocks: Block[] = [];
  let opened: { indent: string; info: string; line: number; lines: string[] } | undefined;
  for (const [at, line] of readFileSync(join(ROOT, file), 'utf8').split('\n').entries()) {
    const [, indent = '', info] = FENCE.exec(line) ?? [];
    if (info === undefined)
      opened?.lines.push(line.startsWith(opened.indent) ? line.slice(opened.indent.length) : line);
    else if (opened === undefined) opened = { indent, info, line: at + 2, lines: [] };
    else {
      const { info, lines } = opened;
      const last = blocks.at(-1);
      const [language, ...words] = info.split(' ');
      if (language === 'sh') blocks.push(blockOf(`${file}:${opened.line}`, words.join(' '), lines.join('\n')));
      else if (language === 'text' && last !== undefined)
        blocks[blocks.length - 1] = { ...last, output: lines.filter((each) => each !== '') };
      opened = undefined;
    }
  }
  return blocks;
}

function blockOf(place: string, note: string, text: string): Block {
  const reason = /^not run: (.+)$/.exec(note)?.[1];
  const program = /^needs (\S+)$/.exec(note)?.[1];
  const changes = note === CHANGES;
  if (!['', 'fails', CHANGES].includes(note) && reason === undefined && program === undefined)
    throw new Error(`${place}: “${note}” after sh is not fails, needs PROGRAM, ${CHANGES} or not run: REASON`);
  const lacks = program !== undefined && !hasProgram(program) ? `this machine has no ${program}` : undefined;
  const skipped = changes
    ? 'it changes the machine; test/hosts/tutorial.test.ts runs it on fresh ones'
    : (reason ?? lacks);
  return { place, text, fails: note === 'fails', skipped, changes, output: [] };
}

function hasProgram(name: string): boolean {
  return (process.env.PATH ?? '').split(':').some((folder) => isProgram(join(folder, name)));
}

/** One script of all blocks that can run. Before each block it prints `::N`, the number of the block. */
export function scriptOf(blocks: readonly Block[]): string {
  const parts = blocks.map(({ text, fails, skipped }, at) => {
    if (skipped !== undefined) return '';
    const run = fails ? `if (\nset -e\n${text}\n); then echo 'this should have failed'; exit 1; fi` : text;
    return `printf '\\n::${at}\\n'\n${run}\n`;
  });
  return `set -euo pipefail\n${parts.join('')}printf '\\n::end\\n'\n`;
}

/** The output of each block, by its number. */
export function outputsOf(stdout: string): Map<string, string> {
  const parts = stdout.split(/^::(\w+)\n/m).slice(1);
  return new Map(Array.from({ length: parts.length / 2 }, (_, at) => [parts[at * 2] ?? '', parts[at * 2 + 1] ?? '']));
}

/** Whether a line of an output is the documented one, with any spaces, and any text for `…`. */
export function hasLine(output: string, line: string): boolean {
  const words = (text: string) => text.trim().replaceAll(/\s+/g, ' ');
  const wanted = words(line).split('…');
  return output.split('\n').some((each) => {
    let at = 0;
    return wanted.every((part) => {
      const found = words(each).indexOf(part, at);
      at = found + part.length;
      return found >= 0;
    });
  });
}
