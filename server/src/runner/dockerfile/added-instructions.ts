import { familiarName } from '#build/familiar-name.ts';
import { flagValues, type Instruction, mountFields } from './dockerfile-instruction.ts';
import { parseDockerfile } from './dockerfile-parser.ts';
import type { Patterns } from './dockerfile-pattern.ts';
import { INSTRUCTIONS_LIMIT, stageNumber, tooMany } from './dockerfile-references.ts';
import type { Stages } from './dockerfile-stages.ts';

/** What the ONBUILD of an image adds to each stage that starts from it, as the builder reads it. */
export interface AddedInstructions {
  /** As the Dockerfile names it; or the name of the build context that replaces it. */
  image: string;
  platform: string;
  onBuild: readonly string[];
}

/**
 * Records, for the stages that start from these images, from which other stages their ONBUILD takes files: those are
 * built too. An image may ask for nothing else: it names no further images and no secrets, and its ARG and ENV cannot
 * select one.
 */
export function recordAddedSources(stages: Stages, added: readonly AddedInstructions[], patterns: Patterns): void {
  let count = 0;
  for (const stage of stages.list) {
    const { base, parent, platform } = stage;
    if (parent !== undefined) continue;
    const found = added.find((each) => familiarName(each.image) === familiarName(base) && each.platform === platform);
    for (const text of found?.onBuild ?? []) {
      const parsed = parseDockerfile(text, INSTRUCTIONS_LIMIT, patterns);
      count += parsed.count;
      if (count > INSTRUCTIONS_LIMIT)
        throw tooMany(`with what the ONBUILD of ${base} adds, the Dockerfile has ${count}`);
      for (const place of parsed.instructions.flatMap((instruction) => placesOf(instruction, stages)))
        stage.needs.add(place);
    }
  }
}

/** The stages from which an instruction takes files: COPY names them by number or name, a mount by name. */
function placesOf(instruction: Instruction, stages: Stages): number[] {
  const named = (name = '') => stages.find(name) ?? [];
  if (instruction.keyword === 'COPY')
    return flagValues(instruction, 'from')
      .flatMap((name) => stageNumber(name) ?? named(name))
      .filter((place) => stages.list[place] !== undefined);
  if (instruction.keyword !== 'RUN') return [];
  return flagValues(instruction, 'mount').flatMap((mount) => named(mountFields(mount).get('from')));
}
