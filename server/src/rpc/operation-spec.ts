/** The shape of a value on the wire: a scalar, free JSON, a list of one shape, or an object with named fields. */
export type Shape =
  | 'string'
  | 'integer'
  | 'boolean'
  | 'any'
  | { readonly list: Shape }
  | { readonly fields: Readonly<Record<string, FieldSpec>> };

/** One field of an object inside a parameter. */
export interface FieldSpec {
  readonly shape: Shape;
  readonly required?: true;
}

/** One parameter of an operation: its shape, whether it is sent as one JSON text, and its allowed values. */
export interface ParameterSpec {
  readonly shape: Shape;
  readonly required?: true;
  /** The error code if it is missing; `MissingParameter` by default. */
  readonly missingCode?: string;
  /** Sent as one JSON text. A list may also be sent as `Name.N` entries. */
  readonly json?: true;
  /** An empty text is a value, which clears the previous one. */
  readonly keepEmpty?: true;
  /** The allowed values; for a list, those of its items. */
  readonly values?: readonly string[];
}

/** The RAM access level, from the vendor's authorization pages. */
export type AccessLevel = 'Read' | 'List' | 'Create' | 'Update' | 'Delete' | 'Write';

/** How an operation that makes sense only in the vendor's cloud is refused, and why. */
export interface Refusal {
  readonly code: string;
  readonly status: number;
  readonly message: string;
}

/** The runtime part of an operation's contract: what the gateway needs to parse, authorize and answer a call. */
export interface OperationSpec {
  readonly product: 'cr' | 'ram' | 'sts' | 'ims';
  readonly ramAction: string;
  readonly level: AccessLevel;
  /** The resource pattern after `acs:<product>:<region>:<account>:`, with placeholders such as `{InstanceId}` for parameters. */
  readonly resource: string;
  /** A narrower name of the same resource. Policies may use either, and a Deny of either applies. */
  readonly or?: string;
  /** A second resource on which the action must be allowed, if its parameter is sent. */
  readonly also?: string;
  /** Needs no grant: any caller may call it unless a policy denies it. */
  readonly open?: true;
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  /** The names of the reply's top-level fields, in output order. */
  readonly replyFields: readonly string[];
  /** The fields that the gateway fills in on success, with their values (without RequestId). */
  readonly success: Readonly<Record<string, string | number | boolean>>;
  /** For an operation that will not be implemented: the answer for authorized callers. */
  readonly refusal?: Refusal;
}
