import type { Instruction } from './dockerfile-instruction.ts';
import { plainArguments, quotedArguments } from './dockerfile-instruction.ts';
import { platformArguments } from './dockerfile-platforms.ts';
import { readWord, type Values, type WordRules } from './dockerfile-words.ts';
import { WordError } from './word-error.ts';

/** The values that ARG and ENV have set so far, in a stage and the stages that it starts from. */
export class Scope implements Values {
  readonly #own = new Map<string, string>();
  readonly #parent: Scope | undefined;

  constructor(parent?: Scope) {
    this.#parent = parent;
  }

  get(name: string): string | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.#parent) {
      const value = scope.#own.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  set(name: string, value: string): void {
    this.#own.set(name, value);
  }
}

/** The arguments of a build, and those of its platform, which the build's arguments override. */
export function globalScope(given: ReadonlyMap<string, string>, platform: string): Scope {
  const scope = new Scope();
  for (const [name, value] of platformArguments(platform)) scope.set(name, given.get(name) ?? value);
  return scope;
}

/**
 * An ARG before the first FROM (https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact).
 * Throws `WordError` for text that the builder refuses.
 */
export function declareGlobal(
  instruction: Instruction,
  scope: Scope,
  given: ReadonlyMap<string, string>,
  rules: WordRules,
): void {
  for (const [name, written] of declared(instruction, rules.escapeSign)) {
    const value = given.get(name) ?? (written === undefined ? undefined : readWord(written, scope, rules));
    if (value !== undefined) scope.set(name, value);
  }
}

/**
 * ARG and ENV of a stage. Text that the builder refuses sets no value: the builder reports it, if it needs the stage.
 */
export function declareInStage(
  instruction: Instruction,
  scope: Scope,
  globals: Scope,
  given: ReadonlyMap<string, string>,
  rules: WordRules,
): void {
  if (instruction.keyword === 'ARG')
    for (const [name, written] of declared(instruction, rules.escapeSign)) {
      const fallback = () => (written === undefined ? globals.get(name) : expandedOrNone(written, scope, rules));
      const value = given.get(name) ?? fallback();
      if (value !== undefined) scope.set(name, value);
    }
  if (instruction.keyword === 'ENV') {
    const values = declared(instruction, rules.escapeSign).map(
      ([name, written]) => [name, expandedOrNone(written ?? '', scope, rules)] as const,
    );
    for (const [name, value] of values) if (value !== undefined) scope.set(name, value);
  }
}

/** An expanded word; undefined for one that the builder refuses. */
export function expandedOrNone(written: string, values: Values, rules: WordRules): string | undefined {
  try {
    return readWord(written, values, rules);
  } catch (error) {
    if (error instanceof WordError) return undefined;
    throw error;
  }
}

/** The names of an ARG or ENV, with their unexpanded values. */
function declared(instruction: Instruction, escapeSign: string): [name: string, written: string | undefined][] {
  const words = quotedArguments(instruction, escapeSign);
  if (instruction.keyword === 'ENV' && !words[0]?.includes('=')) {
    const [name = ''] = plainArguments(instruction);
    return [[name, instruction.rest.slice(name.length).trimStart()]];
  }
  return words.map((word) => {
    const at = word.indexOf('=');
    return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
  });
}
