import type { Instruction } from 'dockerfile-ast';
import type { InstructionPlace } from './dockerfile-lines.ts';

/** The instructions for which the builder commits a layer. */
const LAYERED = ['COPY', 'ADD', 'RUN'];

/** The stages of a Dockerfile as far as it is read. */
export class Stages {
  /** Layers over its base image that each stage has. */
  readonly depths: number[] = [];
  readonly instructions: InstructionPlace[][] = [];
  /** By name, in lower case, the newest stage that has it. */
  readonly #byName = new Map<string, number>();

  get count(): number {
    return this.depths.length;
  }

  /** The newest stage of a name. */
  find(name: string): number | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  /** Notes a stage with its name, if it has one, and the stage that it starts from. */
  add(name: string | undefined, parent: number | undefined): void {
    if (name !== undefined) this.#byName.set(name.toLowerCase(), this.count);
    this.depths.push(parent === undefined ? 0 : (this.depths[parent] ?? 0));
    this.instructions.push([]);
  }

  addInstruction(place: InstructionPlace): void {
    this.instructions.at(-1)?.push(place);
    if (LAYERED.includes(place.keyword)) this.depths[this.count - 1] = (this.depths.at(-1) ?? 0) + 1;
  }
}

/** Where an instruction stands. */
export function placeOf(instruction: Instruction): InstructionPlace {
  const { start, end } = instruction.getRange();
  return { keyword: instruction.getKeyword(), firstLine: start.line + 1, lastLine: end.line + 1 };
}
