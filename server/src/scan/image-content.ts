import { isDigest } from '#image/image.ts';
import { type Manifest, PUSHED_MANIFEST_LIMIT_BYTES, parseManifestObject } from '#image/manifest.ts';
import { ImageMistake } from './inventory/inventory.ts';

/** Files of layers, until they are disposed of. */
interface LayerFiles extends AsyncDisposable {
  readonly files: readonly string[];
}

/** Where the bytes of images are. */
export interface ImageBytes {
  /** Undefined if it does not exist. */
  readManifest(repository: string, digest: string): Promise<{ bytes: Buffer; mediaType: string } | undefined>;
  /** A file of each layer, in this order. Copies are made in `scratch`. */
  layerFiles(digests: readonly string[], scratch: string): Promise<LayerFiles>;
}

/** An image: its layers from the lowest to the highest, by digest. */
export interface ImageLayers {
  digest: string;
  mediaType: string;
  layers: readonly string[];
}

/** The most images of an index. */
const IMAGES_LIMIT = 32;
/** The types of image configurations whose layers contain files. */
const CONFIG_TYPES: readonly unknown[] = [
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
];

/** Whether a stored manifest is an image or an index; only those can be scanned. */
export function isImage({ mediaType, artifactType }: Pick<Manifest, 'mediaType' | 'artifactType'>): boolean {
  return /(index\.v1|manifest\.list\.v2)\+json$/.test(mediaType) || CONFIG_TYPES.includes(artifactType);
}

/** The images of a digest: for an index, one for each platform. Throws ImageMistake. */
export async function imagesOf(images: ImageBytes, repository: string, digest: string): Promise<ImageLayers[]> {
  const found = await images.readManifest(repository, digest);
  if (found === undefined) throw new ImageMistake('the image no longer exists');
  const manifest = parseManifestObject(found.bytes, PUSHED_MANIFEST_LIMIT_BYTES);
  if (!Array.isArray(manifest.manifests)) return [{ digest, mediaType: found.mediaType, layers: layersOf(manifest) }];
  const platforms = objectsOf(manifest.manifests).filter(isOfPlatform);
  if (platforms.length > IMAGES_LIMIT) throw new ImageMistake(`the index has more than ${IMAGES_LIMIT} images`);
  const all: ImageLayers[] = [];
  for (const each of platforms) {
    const child = await images.readManifest(repository, String(each.digest));
    if (child === undefined)
      throw new ImageMistake(`the index lists ${String(each.digest).slice(0, 80)}, which does not exist`);
    all.push({
      mediaType: child.mediaType,
      digest: String(each.digest),
      layers: layersOf(parseManifestObject(child.bytes, PUSHED_MANIFEST_LIMIT_BYTES)),
    });
  }
  return all;
}

/** A manifest that describes an image (provenance) is for no platform. */
function isOfPlatform({ platform }: Record<string, unknown>): boolean {
  return objectsOf([platform])[0]?.architecture !== 'unknown';
}

function layersOf({ layers, config }: Record<string, unknown>): string[] {
  if (!CONFIG_TYPES.includes(objectsOf([config])[0]?.mediaType))
    throw new ImageMistake('it is not a container image, so it has no packages');
  return objectsOf(layers).map(({ digest }) => {
    if (typeof digest !== 'string' || !isDigest(digest))
      throw new ImageMistake('a layer has no digest of this registry');
    return digest;
  });
}

function objectsOf(value: unknown): Record<string, unknown>[] {
  const isObject = (each: unknown): each is Record<string, unknown> => typeof each === 'object' && each !== null;
  return Array.isArray(value) ? value.filter(isObject) : [];
}
