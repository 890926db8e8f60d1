import { invalidParameter } from '#rpc/api-error.ts';

const ACCELERATED_IMAGE = 'ACCELERATED_IMAGE';

/** Refuses every kind of artifact but the one that is made here. */
export function checkArtifactType(type: string): void {
  if (type !== ACCELERATED_IMAGE)
    throw invalidParameter('ArtifactType', `only ${ACCELERATED_IMAGE} can be made.`, 'InvalidParameter.ArtifactType');
}
