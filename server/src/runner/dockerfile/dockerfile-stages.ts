import type { Instruction } from './dockerfile-instruction.ts';
import { type SplitInstruction, splitInstruction } from './dockerfile-instruction.ts';

/** An image that a stage names. */
export interface StageImage {
  image: string;
  platform: string;
  /** A FROM names it: steps may run in it, and its ONBUILD applies. */
  isBase: boolean;
  /** The instruction that names it. */
  instruction: Instruction;
}

/** One stage of a Dockerfile. */
export class Stage {
  /** In lower case; undefined if unnamed. */
  readonly name: string | undefined;
  /** What it starts from, with arguments expanded: an image, or the name of an earlier stage. */
  readonly base: string;
  /** The index of the stage that it starts from; undefined if it starts from an image, or from nothing. */
  readonly parent: number | undefined;
  readonly from: Instruction;
  /** The instructions after its FROM. */
  readonly body: Instruction[] = [];
  /** The instructions that its ONBUILD adds to a stage that starts from it. */
  readonly triggers: SplitInstruction[] = [];
  /** The indexes of stages that it starts from or takes files from. */
  readonly needs: Set<number>;
  /** The images that it names. */
  readonly images: StageImage[] = [];
  /** The platform of its steps: its parent's, that of its FROM, or the target platform. */
  readonly platform: string;
  /** Whether a program runs in it. */
  hasSteps = false;
  readonly secretIds = new Set<string>();
  /** Paths of the source that an instruction needs, although the builder would not miss them. */
  readonly sources: { path: string; at: Instruction }[] = [];
  /** Up to the latest instruction, it has only the usual folders at its root. */
  isBare = false;
  /** Why it cannot be built here; matters only if the stage is needed. */
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
  /** The latest stage of each name. */
  readonly #byName = new Map<string, number>();

  get newest(): Stage | undefined {
    return this.list.at(-1);
  }

  /** The index of the latest stage with a name, ignoring case. */
  find(name: string): number | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  /**
   * Adds a stage, with its parent's platform or else the given one. A FROM refers to a stage only in lower case: `FROM
   * One` is the image.
   */
  add(name: string | undefined, base: string, from: Instruction, platform: string): Stage {
    const parent = this.#byName.get(base);
    const lower = name?.toLowerCase();
    if (lower !== undefined) this.#byName.set(lower, this.list.length);
    const own = this.list[parent ?? -1]?.platform ?? platform;
    const stage = new Stage(lower, base, parent, { from, platform: own });
    this.list.push(stage);
    return stage;
  }

  /** A stage and the stages that it needs, in order; the builder ignores all others. */
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
