/**
 * How a build keeps the layers of its steps: over the bases' own stores, over bases that were copied into its store, or not
 * at all, with one layer for all steps of a stage.
 */
export type Layering = {
  kind: 'over-bases' | 'with-bases' | 'none';
  /** What the log says of it, where it is not the usual kind. */
  sentence: string | undefined;
};

// c/storage stacks 128 layers. What it mounts must fit a page of mount options; past some 88 layers it gets there by short
// paths, which lead into its own store alone. Both limits leave room for the steps that ONBUILD of a base adds.
const mostOverBases = 80;
const mostWithBases = 120;

/** Decides by the layers that the deepest stage adds and those that each base has. */
export function planLayering(added: number, bases: readonly number[]): Layering {
  const count = added + Math.max(0, ...bases);
  if (count <= mostOverBases) return { kind: 'over-bases', sentence: undefined };
  const counted = `${count} layers, those of the base image among them`;
  if (count <= mostWithBases) {
    return { kind: 'with-bases', sentence: `${counted}: the base image is copied into the layer cache` };
  }
  const sentence = `${counted}: built without the layer cache, which holds ${mostWithBases}; the steps become one layer`;
  return { kind: 'none', sentence };
}
