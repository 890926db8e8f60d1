import type { FailureRow, Fault, FixRow } from './failure-row.ts';
import { IMAGE_FAILURES } from './image-failures.ts';
import { SERVER_FAILURES } from './server-failures.ts';
import { SOURCE_FAILURES } from './source-failures.ts';

const ROWS = { ...SOURCE_FAILURES, ...IMAGE_FAILURES, ...SERVER_FAILURES };

/** The name of a way to fail. Records keep it, so it is never renamed. */
export type FailureKind = keyof typeof ROWS;

/** Every way in which a build can fail: whose fault it is, and what to do. */
export const FAILURES: Readonly<Record<FailureKind, FailureRow>> = ROWS;

/** What is known about one failure, by the names in the table's commands. */
export type FailureFacts = Readonly<Partial<Record<FactName, string>>>;

/** The names that a command of the table may have in braces. */
export const FACT_NAMES = ['url', 'host', 'type', 'registry', 'image', 'secret', 'repository', 'tag', 'build'] as const;

export type FactName = (typeof FACT_NAMES)[number];

/** Whose fault it is, in a sentence that every client shows. */
export const FAULT_SENTENCES: Readonly<Record<Fault, string>> = {
  source: 'The cause is in the source.',
  settings: 'A setting, limit or rule of this server ended the build, not the source.',
  machine: 'This server failed, not the source.',
  outside: 'Another server failed, neither the source nor this server.',
  cancelled: 'The build was cancelled.',
};

/** The row of a recorded kind; undefined for records older than kinds. */
export function failureRow(kind: string | undefined): FailureRow | undefined {
  return kind !== undefined && Object.hasOwn(FAILURES, kind) ? FAILURES[kind as FailureKind] : undefined;
}

const REBUILD = 'slipway rebuild {build}';
/** What the server keeps of a folder after its build cannot be built, so only someone who has the folder can build it again. */
const SEND_AGAIN = 'slipway build FOLDER --tag {repository}:{tag}';

/** The command of a fix, with the names of facts in braces. */
export function commandOf({ command, rebuild }: FixRow, isSent = false): string | undefined {
  return rebuild ? (isSent ? SEND_AGAIN : REBUILD) : command;
}

/** What to do about a failure, with commands that can be pasted into a shell. `isSent`: whether its source was sent, as a folder. */
export function fixesFor(kind: string | undefined, facts: FailureFacts, isSent = false): FixRow[] {
  const fixes = failureRow(kind)?.fixes ?? [];
  // Settings of a code host are no use to a source that names an address.
  const usable = fixes.filter(({ command }) => facts.type !== undefined || !command?.includes('{type}'));
  return (usable.length > 0 ? usable : fixes).map((fix, at) => {
    const { text, setting } = fix;
    const command = commandOf(fix, isSent);
    return {
      text: at === 0 ? text.replace(/^Or ([a-z])/, (_, first: string) => first.toUpperCase()) : text,
      ...(setting === undefined ? {} : { setting }),
      ...(command === undefined ? {} : { command: filledCommand(command, facts) }),
    };
  });
}

/** Without a comma or an equals sign, which divide a value such as `id=NAME,src=FILE`. */
const SAFE_WORD_IN_LIST = /^[A-Za-z0-9_@%+:./][A-Za-z0-9_@%+:./-]*$/;
const SAFE_WORD = /^[A-Za-z0-9_@%+:./,][A-Za-z0-9_@%+:./,=-]*$/;
const LONGEST_FACT_CHARS = 300;

/**
 * Fills in the facts. A tenant chooses some of them, and a reader pastes the command into a shell: a fact that is not one plain
 * word, or looks like an option, stays a placeholder.
 */
function filledCommand(command: string, facts: FailureFacts): string {
  return command.replace(/\{([a-z]+)\}/g, (_, name: FactName) => wordOf(name, facts[name]) ?? name.toUpperCase());
}

function wordOf(name: FactName, fact: string | undefined): string | undefined {
  const safe = name === 'secret' ? SAFE_WORD_IN_LIST : SAFE_WORD;
  return fact !== undefined && fact.length <= LONGEST_FACT_CHARS && safe.test(fact) ? fact : undefined;
}
