/**
 * Whose fault a failure is. `source`: the caller's input cannot be built; `settings`: a limit, rule or login of this server;
 * `machine`: the server, a builder or the registry failed; `outside`: another server did not answer.
 */
export type Fault = 'source' | 'settings' | 'machine' | 'outside' | 'cancelled';

/** One way in which a build can fail. */
export interface FailureRow {
  fault: Fault;
  /** What happened, in a sentence. The record of a build has one that names what is meant. */
  cause: string;
  /** What to do about it, the likeliest first. */
  fixes: readonly FixRow[];
}

/** A way to fix it. `{name}` in a command is replaced by a fact of the build, or by NAME if it is unknown. */
export interface FixRow {
  text: string;
  /** A setting of the server, as docs/settings.md names it. */
  setting?: string;
  command?: string;
  /** Building again fixes it; which command that is depends on where the source came from. */
  rebuild?: true;
}
