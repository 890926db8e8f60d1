import type { OperationSpec } from '../server/src/rpc/operation-spec.ts';

/** A type as `spec/*.json` writes it: a name, a list of one type, a map, or fields. */
export type SpecType = string | [SpecType | Fields] | { map: string } | Fields;
export type Fields = { [name: string]: Field };
export interface Field {
  type: SpecType;
  required?: boolean;
  validValues?: string[];
  example?: string;
  default?: string;
}

/** A file of `spec/`: the operations of one product. Files of ours carry authorization and a sentence themselves. */
export interface SpecFile {
  product: string;
  version: string;
  operations: Record<
    string,
    { request: Fields; response: Fields; method: string; sampleReply?: object } & Partial<Addition>
  >;
}

/** What we lay over a product's file. */
export interface Additions {
  operations: Record<string, Addition>;
}

/** What an operation needs beside the vendor's fields. */
export interface Addition {
  authorization: { action: string; level: OperationSpec['level']; resource: string; open?: boolean; from?: string };
  summary?: string;
  jsonParameters?: string[];
  replyOrder?: string[];
  validValues?: Record<string, string[]>;
}

/** One operation with all that is known of it. */
export interface SpecOperation {
  name: string;
  product: OperationSpec['product'];
  version: string;
  request: Fields;
  response: Fields;
  method: string;
  sampleReply?: object | undefined;
  addition: Addition;
}

/**
 * The operations of all products by name. Throws where an addition names none, an operation has no addition, or two
 * products have an operation of one name: the table of the server is by name.
 */
export function specOperations(sources: readonly { spec: SpecFile; additions?: Additions }[]): SpecOperation[] {
  const found = new Map<string, SpecOperation>();
  for (const { spec, additions } of sources) {
    const strange = Object.keys(additions?.operations ?? {}).filter((name) => !(name in spec.operations));
    if (strange.length > 0) throw new Error(`additions name operations the spec lacks: ${strange.join(', ')}`);
    for (const [name, { request, response, method, sampleReply, ...own }] of Object.entries(spec.operations)) {
      const addition = additions ? additions.operations[name] : (own as Addition);
      if (!addition?.authorization) throw new Error(`${name} has no authorization`);
      if (found.has(name)) throw new Error(`two products have an operation ${name}`);
      const product = spec.product as OperationSpec['product'];
      found.set(name, { name, product, version: spec.version, request, response, method, sampleReply, addition });
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
