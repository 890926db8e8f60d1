import type { AccessLevel } from '#rpc/operation-spec.ts';

/** A value of a query or a path: its kind, and what limits it. A `format` of `time` is read as milliseconds. */
export interface ScalarSpec {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  /** What a `pattern` is for, in words that complete "… is not". */
  readonly expects?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly required?: boolean;
  /** A list in one text, with this between its values. */
  readonly separator?: string;
}

/** What a JSON body looks like: named fields, a list, a map of any names, or a scalar. */
export type BodyShape = (
  | { readonly fields: Readonly<Record<string, BodyShape>> }
  | { readonly items: BodyShape; readonly maxItems?: number }
  | { readonly map: BodyShape }
  | ScalarSpec
) & { readonly required?: boolean };

/** One operation of the native API, as the frame runs it. Made from `spec/native.json`. */
export interface NativeSpec {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`, with its places in braces. */
  readonly path: string;
  readonly places: Readonly<Record<string, ScalarSpec>>;
  readonly query: Readonly<Record<string, ScalarSpec>>;
  readonly body?: BodyShape;
  /** The content type of a body that the operation reads itself, as it comes. */
  readonly stream?: string;
  /** The reply is JSON, and the frame writes it. */
  readonly json?: true;
  /** The reply is a stream of events, which has no end of its own. */
  readonly events?: true;
  /** The RAM action, its level, and its resource below `acs:cr:<region>:<account>:`. */
  readonly action: string;
  readonly level: AccessLevel;
  readonly resource: string;
  /** A wider name of the same resource: policies may give either. */
  readonly wider?: string;
  /** The resource instead where the query names no repository. */
  readonly without?: string;
  /** The resource is the repository of the build that the path names, or of the image that the body names. */
  readonly of?: 'build' | 'image';
  /** It acts on many repositories: where none is named, it is decided on each, and those that the caller may not are left out. */
  readonly each?: true;
  /** Further actions that the operation asks for itself, by what is there. */
  readonly mayNeed?: readonly string[];
  /** A second action that the call needs. */
  readonly needs?: { readonly action: string; readonly resource: string };
  /** Every authenticated caller may: no policy takes it away, and it gives no right that the caller does not have. */
  readonly everybody?: true;
  /** Nobody has to sign. */
  readonly anonymous?: true;
  /** Only a signature will do; the sentence says why not a bearer token. */
  readonly signed?: string;
  /** A page of the console calls it, and no page of another site may. */
  readonly console?: true;
  readonly bodyLimitBytes?: number;
}
