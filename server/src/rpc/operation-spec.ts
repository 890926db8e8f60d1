/** What a value of the wire looks like: a scalar, free JSON, a list of one shape, or an object with named fields. */
export type Shape =
  | 'string'
  | 'integer'
  | 'boolean'
  | 'any'
  | { readonly list: Shape }
  | { readonly fields: Readonly<Record<string, FieldSpec>> };

/** One field of an object that travels inside a parameter. */
export interface FieldSpec {
  readonly shape: Shape;
  readonly required?: true;
}

/** One parameter of an operation: its shape, whether it travels as one JSON text, and the values it may have. */
export interface ParameterSpec {
  readonly shape: Shape;
  readonly required?: true;
  /** The code where it is missing; `MissingParameter` by default. */
  readonly missingCode?: string;
  /** Sent as one JSON text; a list may come as `Name.N` entries all the same. */
  readonly json?: true;
  /** An empty text is a value: it clears what was there. */
  readonly keepEmpty?: true;
  /** The only values allowed; of a list, the values its items may have. */
  readonly values?: readonly string[];
}

/** RAM access level as the vendor's authorization pages print it. */
export type AccessLevel = 'Read' | 'List' | 'Create' | 'Update' | 'Delete' | 'Write';

/** What an operation that means something of the vendor's alone is answered with, and why. */
export interface Refusal {
  readonly code: string;
  readonly status: number;
  readonly message: string;
}

/** The runtime half of an operation's contract: what the gateway needs to parse, authorize and answer a call. */
export interface OperationSpec {
  readonly product: 'cr' | 'ram' | 'sts' | 'ims';
  readonly ramAction: string;
  readonly level: AccessLevel;
  /** Resource pattern below `acs:<product>:<region>:<account>:`, with `{InstanceId}`-like places for parameters. */
  readonly resource: string;
  /** A narrower name of the same resource: policies may give either, and a Deny of either counts. */
  readonly or?: string;
  /** A second resource that the action must be allowed on, where its parameter is sent. */
  readonly also?: string;
  /** Needs no grant: any caller may, unless a policy denies it. */
  readonly open?: true;
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  /** Names of the reply's top-level fields, in the order in which they are written. */
  readonly replyFields: readonly string[];
  /** The fields among them that the gateway fills on success, with their values (RequestId apart). */
  readonly success: Readonly<Record<string, string | number | boolean>>;
  /** Of an operation that is never built: what whoever may call it is answered. */
  readonly refusal?: Refusal;
}
