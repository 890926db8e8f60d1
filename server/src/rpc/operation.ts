import type { Context } from './context.ts';
import type { Action, Operations } from './spec.gen.ts';

/** Parameters of an operation as `run` receives them: checked, in their types; absent and empty ones are not there. */
export type Params<A extends Action> = Operations[A]['params'];

/** Reply of an operation without what the gateway adds (RequestId, Code, IsSuccess, Success). */
export type Reply<A extends Action> = Operations[A]['reply'];

/**
 * A reply whose one array comes as it is stored: the JSON texts of its items joined by commas, without brackets. It is
 * written into JSON as it is; only the XML encoder parses it.
 */
export type RawReply<A extends Action> = {
  readonly [Field in keyof Reply<A> as NonNullable<Reply<A>[Field]> extends readonly unknown[]
    ? never
    : Field]: Reply<A>[Field];
} & { readonly rawArray: RawArray<A> };

/** The array of a `RawReply`: the field it fills and its items. */
export interface RawArray<A extends Action = Action> {
  readonly name: keyof Reply<A> & string;
  /** The Latin-1 text of its UTF-8 bytes: the form in which a reply goes out at the least cost. */
  readonly latin1: string;
}

/** What an `operations/<Action>.ts` exports by default. */
export interface Operation<A extends Action = Action> {
  readonly action: A;
  /**
   * The RAM resource below `acs:cr:<region>:<account>:`. Needed only where the spec's pattern has places that
   * no parameter fills (a RepoId stands for namespace and name); it must not tell whether the object exists: for an
   * unknown one answer `undefined`, which leaves the pattern with `*` in these places.
   */
  resource?(context: Context, params: Params<A>): Promise<string | undefined> | string | undefined;
  /**
   * What else the caller must be allowed, where that depends on what is there: decided after the call's own action was
   * allowed. Undefined for nothing.
   */
  alsoNeeds?(context: Context, params: Params<A>): Promise<AlsoNeeded | undefined>;
  run(context: Context, params: Params<A>): Promise<Reply<A> | { readonly body: RawReply<A> }>;
}

/** A further RAM action, and the path of its resource as of `resource`, or `*` alone. */
export interface AlsoNeeded {
  readonly action: string;
  readonly resource: string;
}

/** Declares an operation of the API; names and types of parameters and reply come from the spec by the action's name. */
export function operation<A extends Action, R extends Reply<A> | { readonly body: RawReply<A> }>(
  action: A,
  definition: {
    resource?: (context: Context, params: Params<A>) => Promise<string | undefined> | string | undefined;
    alsoNeeds?: (context: Context, params: Params<A>) => Promise<AlsoNeeded | undefined>;
    run: (context: Context, params: Params<A>) => Promise<R & NoMoreThan<R, Reply<A> | { readonly body: RawReply<A> }>>;
  },
): Operation<A> {
  return { action, ...definition };
}

/** Makes a field that the spec does not know a type error, also where the reply is not a fresh literal. */
type NoMoreThan<R, Known> = [ExtraFields<R, Known>] extends [never] ? unknown : { [F in ExtraFields<R, Known>]: never };
type ExtraFields<R, Known> = Exclude<keyof R, Known extends unknown ? keyof Known : never>;
