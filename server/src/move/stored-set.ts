import { RowSet } from './row-set.ts';

/** What of an object is compared. */
interface Named {
  key: string;
  sizeBytes: number;
  etag?: string | undefined;
}

/** How a set of objects is noted. */
export interface StoredState {
  count: number;
  digest: string;
}

/** What objects a store has, by their keys, their sizes and what the store calls their bytes. It takes no memory for each. */
export class StoredSet {
  readonly #set: RowSet;

  constructor(state?: StoredState) {
    this.#set = new RowSet(state);
  }

  add({ key, sizeBytes, etag = '' }: Named): void {
    this.#set.add(`${key} ${sizeBytes} ${etag}`);
  }

  get state(): StoredState {
    return { count: this.#set.count, digest: this.#set.digest };
  }

  equals({ state }: StoredSet): boolean {
    return this.state.count === state.count && this.state.digest === state.digest;
  }
}
