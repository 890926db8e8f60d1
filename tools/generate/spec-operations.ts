import type { OperationSpec, Refusal } from '../../server/src/rpc/operation-spec.ts';

/** A type in `spec/*.json`: a name, a list of one type, a map, or fields. */
export type SpecType = string | [SpecType | Fields] | { map: string } | Fields;
export interface Fields {
  [name: string]: Field;
}
export interface Field {
  type: SpecType;
  required?: boolean;
  validValues?: string[];
  example?: string;
  default?: string;
  keepEmpty?: boolean;
}

/** A file of `spec/`: the operations of one product. Our own files include the authorization and a summary. */
export interface SpecFile {
  product: string;
  version: string;
  operations: Record<
    string,
    { request: Fields; response: Fields; method: string; sampleReply?: object } & Partial<Addition>
  >;
}

/** Our additions to a product's file. */
export interface Additions {
  operations: Record<string, Addition>;
}

/** What an operation needs in addition to the vendor's fields. */
export interface Addition {
  authorization: {
    action: string;
    level: OperationSpec['level'];
    resource: string;
    or?: string;
    also?: string;
    open?: boolean;
    from?: string;
  };
  summary?: string;
  jsonParameters?: string[];
  replyOrder?: string[];
  validValues?: Record<string, string[]>;
  /** Codes of missing parameters that are not `MissingParameter`. */
  missingCodes?: Record<string, string>;
  /** The Code of a successful reply, if the vendor's differs; 200 by default. */
  successCode?: number;
  /** Fields that the vendor's newer clients know and the product's file lacks, also inside objects of lists. */
  newer?: { request?: Fields; response?: Fields };
  /** Parameters that the product's file marks as required, but newer clients do not. */
  optional?: string[];
  /** Why it will never be built. */
  refusal?: Refusal;
}

/** One operation with everything known about it. */
export interface SpecOperation {
  /**
   * The action; with its product as a prefix (`ram.TagResources`) if an earlier product has an action of the same name.
   */
  name: string;
  /** The name in requests. */
  action: string;
  product: OperationSpec['product'];
  version: string;
  request: Fields;
  response: Fields;
  method: string;
  sampleReply?: object | undefined;
  addition: Addition;
}

/**
 * The operations of all products by name. Throws if an addition names no operation, or an operation has no addition.
 */
export function specOperations(sources: readonly { spec: SpecFile; additions?: Additions }[]): SpecOperation[] {
  const found = new Map<string, SpecOperation>();
  for (const { spec, additions } of sources) {
    const strange = Object.keys(additions?.operations ?? {}).filter((name) => !(name in spec.operations));
    if (strange.length > 0) throw new Error(`additions name operations the spec lacks: ${strange.join(', ')}`);
    for (const [action, { request, response, method, sampleReply, ...own }] of Object.entries(spec.operations)) {
      const addition = additions ? additions.operations[action] : (own as Addition);
      const product = spec.product as OperationSpec['product'];
      const name = found.has(action) ? `${product}.${action}` : action;
      if (!addition?.authorization) throw new Error(`${name} has no authorization`);
      found.set(name, {
        name,
        action,
        product,
        version: spec.version,
        method,
        sampleReply,
        addition,
        request: optionalAs(withNewer(request, addition.newer?.request), addition.optional),
        response: withNewer(response, addition.newer?.response),
      });
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The fields and the newer fields, by name. Throws if a newer field already exists. */
function withNewer(fields: Fields, newer: Fields | undefined): Fields {
  if (newer === undefined) return fields;
  const merged: Fields = { ...fields };
  for (const [name, field] of Object.entries(newer)) {
    const known = fields[name];
    merged[name] =
      known === undefined ? field : { ...known, type: [withNewer(itemOf(name, known), itemOf(name, field))] };
  }
  return Object.fromEntries(Object.entries(merged).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function itemOf(name: string, { type }: Field): Fields {
  const [item] = Array.isArray(type) ? type : [];
  if (typeof item !== 'object' || Array.isArray(item)) throw new Error(`the newer field ${name} already exists`);
  return item as Fields;
}

function optionalAs(request: Fields, optional: readonly string[] = []): Fields {
  const known = { ...request };
  for (const name of optional) {
    if (!known[name]?.required) throw new Error(`the parameter ${name} is not required`);
    const { required: _, ...rest } = known[name];
    known[name] = rest;
  }
  return known;
}
