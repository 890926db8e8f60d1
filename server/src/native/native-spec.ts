import type { AccessLevel } from '#rpc/operation-spec.ts';

/** A value of a query or a path: its kind and its limits. A `format` of `time` is read as milliseconds. */
export interface ScalarSpec {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  /** What a `pattern` matches, in words that complete "… is not". */
  readonly expects?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly required?: boolean;
  /** A list in one text, with this separator between its values. */
  readonly separator?: string;
}

/** The shape of a JSON body: named fields, a list, a map with any keys, or a scalar. */
export type BodyShape = (
  | { readonly fields: Readonly<Record<string, BodyShape>> }
  | { readonly items: BodyShape; readonly maxItems?: number }
  | { readonly map: BodyShape }
  | ScalarSpec
) & { readonly required?: boolean };

/** One operation of the native API as the gateway runs it. Made from `spec/native.json`. */
export interface NativeSpec {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`, with placeholders in braces. */
  readonly path: string;
  readonly places: Readonly<Record<string, ScalarSpec>>;
  readonly query: Readonly<Record<string, ScalarSpec>>;
  readonly body?: BodyShape;
  /** The content type of a body that the operation reads itself, as a stream. */
  readonly stream?: string;
  /** The reply is JSON, and the gateway writes it. */
  readonly json?: true;
  /** The reply is an endless stream of events. */
  readonly events?: true;
  /** The RAM action, its level, and its resource below `acs:cr:<region>:<account>:`. */
  readonly action: string;
  readonly level: AccessLevel;
  readonly resource: string;
  /** A broader name of the same resource: policies may use either. */
  readonly wider?: string;
  /** The resource to use if the query names no repository. */
  readonly without?: string;
  /** The resource is the repository of the build in the path, or of the image in the body. */
  readonly of?: 'build' | 'image';
  /**
   * It acts on many repositories: if none is named, each is decided separately (by `needs`, if given), and those that the
   * caller may not use are left out.
   */
  readonly each?: true;
  /** Further actions that the operation may check itself, depending on the data. */
  readonly mayNeed?: readonly string[];
  /** A second action that the call needs. */
  readonly needs?: { readonly action: string; readonly resource: string };
  /** Every authenticated caller may: no policy can forbid it, and it gives no right that the caller does not have. */
  readonly everybody?: true;
  /** No signature is needed. */
  readonly anonymous?: true;
  /** Only a signature is accepted; this sentence says why a bearer token is not. */
  readonly signed?: string;
  /** A page of the console calls it; pages of other sites may not. */
  readonly console?: true;
  readonly bodyLimitBytes?: number;
}
