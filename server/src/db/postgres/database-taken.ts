/** Another server has the database; the message says which, and how to fix it. */
export class DatabaseTaken extends Error {}

/** Who has the database, and what happens when the hold on it changes. */
export interface SoleServerMeans {
  url: string;
  nodeId: string;
  host: string;
  /** The connection that holds the database broke: nothing may be written until `onBack`. */
  onAway(error: unknown): void;
  /** What comes before anything else is asked. If it throws, it is called again, until the database is away again. */
  onBack(awayMs: number): void | Promise<void>;
  /** Another server has it now: this one must end. */
  onTaken(error: DatabaseTaken): void;
  monotonicMs: () => number;
}
