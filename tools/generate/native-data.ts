import type { ScalarSpec } from '../../server/src/native/native-spec.ts';
import type { AccessLevel } from '../../server/src/rpc/operation-spec.ts';

/** A type in the notation that `spec/native.json` describes under `notation`. */
export type NativeType = string | readonly [NativeType] | NativeObject | NativeList | NativeMap | JsonSchema;
export interface NativeObject {
  readonly description?: string;
  /** Names of included types, whose fields come first. */
  readonly include?: readonly string[];
  /** A field whose name ends with `?` is optional. */
  readonly fields: Readonly<Record<string, NativeType>>;
}
interface NativeList {
  readonly items: NativeType;
  readonly maxItems?: number;
  readonly description?: string;
}
interface NativeMap {
  readonly map: NativeType;
  readonly description?: string;
}
/** A scalar with its sentence for the documentation. */
export type JsonSchema = Omit<ScalarSpec, 'required'> & { readonly description?: string };

/** One operation of the native API. */
export interface NativeOperationData {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  readonly action: string;
  readonly level: AccessLevel;
  readonly resource: string;
  readonly query?: Readonly<Record<string, string | JsonSchema>>;
  readonly headers?: Readonly<Record<string, JsonSchema>>;
  readonly body?: string;
  /** The content type of a body that the operation reads itself. */
  readonly stream?: string;
  readonly reply?: NativeType;
  readonly media?: readonly string[];
  /** When it answers 204 without a body. */
  readonly empty?: string;
}

/** The whole of `spec/native.json`. */
export interface NativeData {
  readonly types: Readonly<Record<string, NativeType>>;
  readonly parameters: Readonly<Record<string, JsonSchema>>;
  /** Of bodies that operations read themselves: the server refuses more, and the client sends no more. */
  readonly limits: Readonly<Record<string, number>>;
  readonly operations: Readonly<Record<string, NativeOperationData>>;
}

/** The names of the parameters in an operation's path, in order. */
export function placesOf({ path }: NativeOperationData): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

/** The query parameters of an operation by name, resolved. Throws for a name that `parameters` lacks. */
export function queryOf(data: NativeData, { query = {} }: NativeOperationData): Record<string, Parameter> {
  const entries = Object.entries(query).map(([key, value]) => {
    const schema = typeof value === 'string' ? data.parameters[value] : value;
    if (!schema) throw new Error(`spec/native.json has no parameter ${value}`);
    return [key.replace(/\?$/, ''), { ...schema, required: !key.endsWith('?') }] as const;
  });
  return Object.fromEntries(entries);
}
export type Parameter = JsonSchema & { readonly required: boolean };

/** The fields of an object, with those of the types that it includes. */
export function fieldsOf(data: NativeData, { include = [], fields }: NativeObject): Record<string, NativeType> {
  const included = include.map((name) => {
    const type = data.types[name];
    if (!isObject(type)) throw new Error(`spec/native.json includes ${name}, which has no fields`);
    return fieldsOf(data, type);
  });
  return Object.assign({}, ...included, fields);
}

/** Whether a type is an object of named fields. */
export function isObject(type: NativeType | undefined): type is NativeObject {
  return typeof type === 'object' && 'fields' in type;
}

/** The type of a list's items; undefined if it is not a list. */
export function itemOf(type: NativeType): NativeType | undefined {
  if (typeof type !== 'object') return undefined;
  if (Array.isArray(type)) return type[0] as NativeType;
  return 'items' in type ? type.items : undefined;
}

/** The type of a map's values; undefined if it is not a map. */
export function mapValueOf(type: NativeType): NativeType | undefined {
  return typeof type === 'object' && !Array.isArray(type) && 'map' in type ? (type as NativeMap).map : undefined;
}
