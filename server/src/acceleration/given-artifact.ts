import { invalidParameter } from '#rpc/errors/api-error.ts';

const ACCELERATED_IMAGE = 'ACCELERATED_IMAGE';

/** Refuses every type of artifact except accelerated images. */
export function checkArtifactType(type: string): void {
  if (type !== ACCELERATED_IMAGE)
    throw invalidParameter('ArtifactType', `only ${ACCELERATED_IMAGE} can be made.`, 'InvalidParameter.ArtifactType');
}
