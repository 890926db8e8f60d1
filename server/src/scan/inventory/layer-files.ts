/**
 * The stored facts about an image's files, by path: layers are applied in order as a runtime does it, including their
 * deletions. https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md
 */
export class LayerFiles<Kept> {
  readonly #files = new Map<string, Kept>();
  /** Folders on the way to a file, with the number of files below each. */
  readonly #folders = new Map<string, number>();

  get(path: string): Kept | undefined {
    return this.#files.get(path);
  }

  set(path: string, kept: Kept): void {
    if (!this.#files.has(path)) this.#count(path, 1);
    this.#files.set(path, kept);
  }

  /** Removes a file, or everything below a folder. */
  remove(path: string): void {
    this.#drop(path);
    this.removeBelow(path);
  }

  /** Removes what is below a folder; the empty path is the root. */
  removeBelow(folder: string): void {
    if (folder !== '' && !this.#folders.has(folder)) return;
    for (const path of [...this.#files.keys()]) if (folder === '' || path.startsWith(`${folder}/`)) this.#drop(path);
  }

  hasBelow(folder: string): boolean {
    return this.#folders.has(folder);
  }

  entries(): IterableIterator<[string, Kept]> {
    return this.#files.entries();
  }

  #drop(path: string): void {
    if (this.#files.delete(path)) this.#count(path, -1);
  }

  #count(path: string, by: 1 | -1): void {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at);
      const count = (this.#folders.get(folder) ?? 0) + by;
      if (count === 0) this.#folders.delete(folder);
      else this.#folders.set(folder, count);
    }
  }
}
