import type { BuildDetail } from '../../api/build.ts';
import { registryHost } from '../registry-host.ts';

/** The name by which a build's image can be pulled. If a newer build was faster, the tag belongs to that one's image. */
export function imageName({ Repository, ImageTag, ImageDigest, SupersededBy }: BuildDetail): string {
  const place = SupersededBy === undefined ? `:${ImageTag}` : `@${ImageDigest}`;
  return `${registryHost()}/${Repository}${place}`;
}
