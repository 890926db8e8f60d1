/** A parameter as the form asks for it. */
export interface ApiParameter {
  name: string;
  /** `list` is a list of texts, `json` an object or a list of objects. */
  type: 'string' | 'integer' | 'boolean' | 'list' | 'json';
  required: boolean;
  values?: readonly string[];
  example?: string;
  default?: string;
  meaning?: string;
}

/** A field of the reply: its path, type and meaning. */
export type ApiReplyField = readonly [path: string, type: string, meaning: string];

/** An operation of the API as `spec/` has it. */
export interface ApiOperation {
  name: string;
  product: 'cr' | 'ram' | 'sts' | 'ims';
  version: string;
  built: boolean;
  /** Why it is never built. */
  refusal?: string;
  summary: string;
  /** RAM action, its level, and the resource as policies name it. */
  action: string;
  level: string;
  resource: string;
  /** Needs no permission; a Deny denies it. */
  open: boolean;
  parameters: readonly ApiParameter[];
  reply: readonly ApiReplyField[];
  /** Codes of its errors beside those of every call. */
  errors: readonly string[];
}

/** An error code with its HTTP status, its sentence, and what helps. */
export interface ApiErrorCode {
  status: number;
  message: string;
  fix: string;
}
