import { ManifestMistake } from '#image/manifest.ts';
import { JobFailed } from '#job/job.ts';
import { type ImageBytes, imagesOf } from './image-content.ts';
import { ImageMistake } from './inventory/inventory.ts';
import type { InventoryLimits } from './inventory/read-inventory.ts';
import { inventoryOf } from './inventory-of.ts';
import { sbomsOf } from './sbom/sbom.ts';
import type { ScannedImage } from './scanner.ts';

/** What writing SBOMs needs. */
export interface SbomMeans {
  images: ImageBytes & {
    /** Stores bytes in a repository as a referrer of an image. */
    pushReferrer(
      repository: string,
      referrer: { subject: string; subjectType: string; mediaType: string; bytes: Buffer },
    ): Promise<void>;
  };
  /** A folder for temporary copies. */
  scratch: string;
  limits?: InventoryLimits;
}

/** Writes the content of each image of a digest, and stores it beside the image. Throws JobFailed. */
export async function writeSboms(
  { images, scratch, limits }: SbomMeans,
  { repository, digest }: ScannedImage,
  createdMs: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    for (const image of await imagesOf(images, repository, digest)) {
      const inventory = await inventoryOf({ images, scratch, limits }, image.layers, signal);
      if (inventory.packages.length === 0) throw new ImageMistake('nothing in the image says which packages it holds');
      for (const sbom of sbomsOf({ repository, digest: image.digest, createdMs }, inventory)) {
        const { digest: subject, mediaType: subjectType } = image;
        await images.pushReferrer(repository, { subject, subjectType, ...sbom });
      }
    }
  } catch (error) {
    if (error instanceof ImageMistake || error instanceof ManifestMistake)
      throw new JobFailed({ code: 'IMAGE', message: error.message }, { mayPass: false, cause: error });
    throw error;
  }
}
