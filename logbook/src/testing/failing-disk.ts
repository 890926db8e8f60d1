import { type Disk, type DiskFile, nodeDisk } from '../disk/disk.ts';

/** How the chosen act fails: it is refused, only half of a write is done, or it and all later acts are refused. */
export type Fault = 'refused' | 'half written' | 'dead';

/** The real disk, except that one act that changes something fails. Counts the acts, so that a test can try each. */
export class FailingDisk implements Disk {
  /** Acts so far that change something. */
  acts = 0;
  readonly #failAt: number;
  readonly #fault: Fault;

  /** `failAt` counts from 1; 0 never fails. */
  constructor(failAt: number, fault: Fault) {
    this.#failAt = failAt;
    this.#fault = fault;
  }

  open(...args: Parameters<Disk['open']>): DiskFile {
    if (args[1].startsWith('create')) this.#act('open');
    const isDurable = args[1].endsWith('durable');
    const file = nodeDisk.open(...args);
    return {
      read: (target, position) => file.read(target, position),
      sizeBytes: () => file.sizeBytes(),
      close: () => file.close(),
      write: async (buffers, position) => {
        const error = this.#failure('write');
        if (error === undefined) {
          await file.write(buffers, position);
          if (isDurable) this.#act('sync of a write');
          return;
        }
        if (this.#fault === 'half written') {
          const whole = Buffer.concat(buffers);
          await file.write([whole.subarray(0, whole.length / 2)], position);
        }
        throw error;
      },
      sync: async () => {
        this.#act('sync');
        await file.sync();
      },
    };
  }

  list(path: string): string[] {
    return nodeDisk.list(path);
  }

  async makeFolder(path: string): Promise<void> {
    this.#act('makeFolder');
    await nodeDisk.makeFolder(path);
  }

  async rename(from: string, to: string): Promise<void> {
    this.#act('rename');
    await nodeDisk.rename(from, to);
  }

  async remove(path: string): Promise<void> {
    this.#act('remove');
    await nodeDisk.remove(path);
  }

  async truncate(path: string, sizeBytes: number): Promise<void> {
    this.#act('truncate');
    await nodeDisk.truncate(path, sizeBytes);
  }

  async syncFolder(path: string): Promise<void> {
    this.#act('syncFolder');
    await nodeDisk.syncFolder(path);
  }

  #act(name: string): void {
    const error = this.#failure(name);
    if (error !== undefined) throw error;
  }

  #failure(name: string): Error | undefined {
    this.acts += 1;
    const fails =
      this.acts === this.#failAt || (this.#fault === 'dead' && this.#failAt > 0 && this.acts > this.#failAt);
    return fails ? Object.assign(new Error(`EIO: ${name} was made to fail`), { code: 'EIO' }) : undefined;
  }
}
