import type { BlobStore } from '#blob/blob.ts';

/** A store whose requests fail from one of them on, counted from 1. */
export function failingBlobs(blobs: BlobStore, fromAct: number): BlobStore {
  let acts = 0;
  const act = () => {
    acts += 1;
    if (acts >= fromAct) throw new Error('the store was made to fail');
  };
  return {
    async put(...args) {
      act();
      return blobs.put(...args);
    },
    async get(...args) {
      act();
      return blobs.get(...args);
    },
    async copy(...args) {
      act();
      await blobs.copy(...args);
    },
    async head(key) {
      act();
      return blobs.head(key);
    },
    list: (prefix) => blobs.list(prefix),
    async remove(key) {
      act();
      await blobs.remove(key);
    },
  };
}
