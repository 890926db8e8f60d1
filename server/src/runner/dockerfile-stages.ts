import type { Instruction } from 'dockerfile-ast';
import type { BuildFailed } from './build-failed.ts';

/** One stage of a Dockerfile, as far as it is read. */
export interface Stage {
  /** In lower case; undefined for one without a name. */
  name: string | undefined;
  /** The places of stages that it starts from or takes files from. */
  needs: Set<number>;
  /** The images that it names, each with the first instruction that does. */
  images: Map<string, Instruction>;
  secretIds: Set<string>;
  /** Up to the newest instruction, it has no folders at its root but the usual ones. */
  isBare: boolean;
  /** Why it cannot be built here, which counts if it is needed. */
  problem: BuildFailed | undefined;
}

/** The stages of a Dockerfile, in order. */
export class Stages {
  readonly list: Stage[] = [];
  /** By name, the newest stage that has it. */
  readonly #byName = new Map<string, number>();

  get newest(): Stage | undefined {
    return this.list.at(-1);
  }

  /** The place of the newest stage of a name. */
  find(name: string): number | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  add(name: string | undefined, parent: number | undefined): Stage {
    const lower = name?.toLowerCase();
    if (lower !== undefined) this.#byName.set(lower, this.list.length);
    const needs = new Set(parent === undefined ? [] : [parent]);
    const stage: Stage = {
      name: lower,
      needs,
      images: new Map(),
      secretIds: new Set(),
      isBare: false,
      problem: undefined,
    };
    this.list.push(stage);
    return stage;
  }

  /** A stage and those that it needs, in order: the builder looks at no others. */
  needed(target: number): Stage[] {
    const found = new Set<number>();
    const open = [target];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (found.has(at)) continue;
      found.add(at);
      open.push(...(this.list[at]?.needs ?? []));
    }
    return this.list.filter((_, at) => found.has(at));
  }
}

/** Where an instruction stands, its lines counted from 1. */
export function placeOf(instruction: Instruction): { firstLine: number; lastLine: number } {
  const { start, end } = instruction.getRange();
  return { firstLine: start.line + 1, lastLine: end.line + 1 };
}
