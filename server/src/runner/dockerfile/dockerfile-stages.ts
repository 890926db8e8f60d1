import { type SplitInstruction, splitInstruction } from './dockerfile-instruction.ts';
import type { Instruction } from './dockerfile-parser.ts';

/** An image that a stage names. */
export interface StageImage {
  image: string;
  platform: string;
  /** A FROM names it, so that steps may run in it, and its ONBUILD counts. */
  isBase: boolean;
  /** The one that names it. */
  instruction: Instruction;
}

/** One stage of a Dockerfile, as far as it is read. */
export class Stage {
  /** In lower case; undefined for one without a name. */
  readonly name: string | undefined;
  /** What it starts from, arguments expanded: an image, or the name of a stage before it. */
  readonly base: string;
  /** The place of the stage that it starts from; undefined for one that starts from an image, or from nothing. */
  readonly parent: number | undefined;
  readonly from: Instruction;
  /** What follows its FROM. */
  readonly body: Instruction[] = [];
  /** What its ONBUILD adds to a stage that starts from it. */
  readonly triggers: SplitInstruction[] = [];
  /** The places of stages that it starts from or takes files from. */
  readonly needs: Set<number>;
  /** The images that it names. */
  readonly images: StageImage[] = [];
  /** What its steps run on: its parent's, that of its FROM, or what is built for. */
  readonly platform: string;
  /** Whether a program runs in it. */
  hasSteps = false;
  readonly secretIds = new Set<string>();
  /** Up to the newest instruction, it has no folders at its root but the usual ones. */
  isBare = false;
  /** Why it cannot be built here, which counts if it is needed. */
  problem: { words: string; at: Instruction } | undefined;

  constructor(
    name: string | undefined,
    base: string,
    parent: number | undefined,
    { from, platform }: { from: Instruction; platform: string },
  ) {
    this.name = name;
    this.base = base;
    this.parent = parent;
    this.from = from;
    this.platform = platform;
    this.needs = new Set(parent === undefined ? [] : [parent]);
  }

  /** The next instruction. */
  add(instruction: Instruction, escapeSign: string): void {
    this.body.push(instruction);
    if (instruction.keyword === 'ONBUILD') this.triggers.push(splitInstruction(instruction.rest, escapeSign));
  }
}

/** The stages of a Dockerfile, in order. */
export class Stages {
  readonly list: Stage[] = [];
  /** By name, the newest stage that has it. */
  readonly #byName = new Map<string, number>();

  get newest(): Stage | undefined {
    return this.list.at(-1);
  }

  /** The place of the newest stage of a name, in any case. */
  find(name: string): number | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  /** Adds a stage, of its parent's platform or else of that given. One that starts from a stage names it in lower case: `FROM One` is the image. */
  add(name: string | undefined, base: string, from: Instruction, platform: string): Stage {
    const parent = this.#byName.get(base);
    const lower = name?.toLowerCase();
    if (lower !== undefined) this.#byName.set(lower, this.list.length);
    const own = this.list[parent ?? -1]?.platform ?? platform;
    const stage = new Stage(lower, base, parent, { from, platform: own });
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
