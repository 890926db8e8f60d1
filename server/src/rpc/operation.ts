import type { Context } from './context.ts';
import type { Action, Operations } from './spec.gen.ts';

/** The parameters that `run` receives: checked and typed. Absent and empty parameters are left out. */
export type Params<A extends Action> = Operations[A]['params'];

/** The reply of an operation, without the fields that the gateway adds (RequestId, Code, IsSuccess, Success). */
export type Reply<A extends Action> = Operations[A]['reply'];

/**
 * A reply with one array in its stored form: the JSON texts of its items, joined by commas and without brackets. It is copied
 * into JSON replies unchanged; only the XML encoder parses it.
 */
export type RawReply<A extends Action> = {
  readonly [Field in keyof Reply<A> as NonNullable<Reply<A>[Field]> extends readonly unknown[]
    ? never
    : Field]: Reply<A>[Field];
} & { readonly rawArray: RawArray<A> };

/** The array of a `RawReply`: the field it fills and its items. */
export interface RawArray<A extends Action = Action> {
  readonly name: keyof Reply<A> & string;
  /** Its UTF-8 bytes as Latin-1 text, the form that is cheapest to send. */
  readonly latin1: string;
}

/** What an `operations/<Action>.ts` exports by default. */
export interface Operation<A extends Action = Action> {
  readonly action: A;
  /**
   * The RAM resource after `acs:cr:<region>:<account>:`. Needed only if the spec's pattern has placeholders that no parameter fills
   * (a RepoId instead of namespace and name). It must not reveal whether the object exists: for an unknown one, return
   * `undefined`, which puts `*` in these placeholders.
   */
  resource?(context: Context, params: Params<A>): Promise<string | undefined> | string | undefined;
  /**
   * What else the caller must be allowed, if that depends on existing data. Decided after the call's own action was allowed.
   * Undefined for nothing.
   */
  alsoNeeds?(context: Context, params: Params<A>): Promise<AlsoNeeded | undefined>;
  /**
   * What the call does to repositories, if its own action is one on the whole instance. A policy that explicitly denies the
   * caller one of these refuses the call, but none of them needs an Allow. Decided last.
   */
  unlessDenied?(context: Context, params: Params<A>): Promise<AlsoNeeded[]>;
  run(context: Context, params: Params<A>): Promise<Reply<A> | { readonly body: RawReply<A> }>;
}

/**
 * An operation as the gateway calls it, which knows only at run time which one it is. Its parameters come from `parseParams`, so
 * they have the types of the operation's spec.
 */
export interface LoadedOperation {
  readonly action: Action;
  resource?(context: Context, params: ParsedParams): Promise<string | undefined> | string | undefined;
  alsoNeeds?(context: Context, params: ParsedParams): Promise<AlsoNeeded | undefined>;
  unlessDenied?(context: Context, params: ParsedParams): Promise<AlsoNeeded[]>;
  run(context: Context, params: ParsedParams): Promise<object>;
}

type ParsedParams = Readonly<Record<string, unknown>>;

/** A further RAM action, and its resource's path as in `resource`, or `*`. */
export interface AlsoNeeded {
  readonly action: string;
  readonly resource: string;
}

/** Declares an operation of the API. The action's name selects the parameters and reply in the spec. */
export function operation<A extends Action, R extends Reply<A> | { readonly body: RawReply<A> }>(
  action: A,
  definition: {
    resource?: (context: Context, params: Params<A>) => Promise<string | undefined> | string | undefined;
    alsoNeeds?: (context: Context, params: Params<A>) => Promise<AlsoNeeded | undefined>;
    unlessDenied?: (context: Context, params: Params<A>) => Promise<AlsoNeeded[]>;
    run: (context: Context, params: Params<A>) => Promise<R & NoMoreThan<R, Reply<A> | { readonly body: RawReply<A> }>>;
  },
): Operation<A> {
  return { action, ...definition };
}

/** Makes a field that is not in the spec a type error, even if the reply is not an object literal. */
type NoMoreThan<R, Known> = [ExtraFields<R, Known>] extends [never] ? unknown : { [F in ExtraFields<R, Known>]: never };
type ExtraFields<R, Known> = Exclude<keyof R, Known extends unknown ? keyof Known : never>;
