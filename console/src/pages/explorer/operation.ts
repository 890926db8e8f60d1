/** A parameter as the form shows it. */
export interface ApiParameter {
  name: string;
  /** `list` is a list of strings, `json` an object or a list of objects. */
  type: 'string' | 'integer' | 'boolean' | 'list' | 'json';
  required: boolean;
  values?: readonly string[];
  example?: string;
  default?: string;
  meaning?: string;
}

/** A field of the reply: its path, type and meaning. */
export type ApiReplyField = readonly [path: string, type: string, meaning: string];

/** An operation of the API as `spec/` defines it. */
export interface ApiOperation {
  name: string;
  product: 'cr' | 'ram' | 'sts' | 'ims';
  version: string;
  built: boolean;
  /** Why it will never be built. */
  refusal?: string;
  summary: string;
  /** The RAM action, its level, and the resource as policies name it. */
  action: string;
  level: string;
  resource: string;
  /** Needs no permission, but a Deny statement applies. */
  open: boolean;
  parameters: readonly ApiParameter[];
  reply: readonly ApiReplyField[];
  /** The codes of its errors, in addition to those of every call. */
  errors: readonly string[];
}

/** An error code with its HTTP status, its message, and the fix. */
export interface ApiErrorCode {
  status: number;
  message: string;
  fix: string;
}
