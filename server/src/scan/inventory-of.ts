import type { ImageBytes } from './image-content.ts';
import type { Inventory } from './inventory/inventory.ts';
import { type InventoryLimits, readInventory } from './inventory/read-inventory.ts';

/** Reads the packages of an image from its layers. Throws as `readInventory` does. */
export async function inventoryOf(
  { images, scratch, limits }: { images: ImageBytes; scratch: string; limits?: InventoryLimits | undefined },
  layers: readonly string[],
  signal: AbortSignal,
): Promise<Inventory> {
  await using taken = await images.layerFiles(layers, scratch);
  const files = layers.map((digest, at) => ({ file: taken.files[at] ?? '', digest }));
  return readInventory(files, scratch, signal, limits);
}
