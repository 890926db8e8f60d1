import type { ParameterSpec, Shape } from '../../../server/src/rpc/operation-spec.ts';
import { type Action, operationSpecs } from '../../../server/src/rpc/spec.gen.ts';

/** Values of parameters that are checked for their form or words; `Action.Parameter` for one operation alone. */
const SAMPLES: Record<string, string> = {
  'CreateScanRule.ScanScope': 'INSTANCE',
  'CreateScanRule.TriggerType': 'AUTO',
  Password: 'correct horse battery',
  RoleArn: 'acs:ram::1234567890123456:role/sample',
  PolicyDocument: '{"Version":"1","Statement":[{"Effect":"Allow","Action":"cr:ListInstance","Resource":"*"}]}',
  AssumeRolePolicyDocument:
    '{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1234567890123456:root"]}}]}',
};

/** Parameters to call an operation with: the required ones; with `all`, all that it takes. */
export function sampleParams(action: Action, given: Record<string, string> = {}, all = false): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [name, spec] of Object.entries(operationSpecs[action].parameters)) {
    const own = SAMPLES[`${action}.${name}`];
    if (name in given) params[name] = given[name] ?? '';
    else if (own !== undefined) params[name] = own;
    else if (spec.required || all) Object.assign(params, sample(name, spec));
  }
  return params;
}

function sample(name: string, spec: ParameterSpec): Record<string, string> {
  const { shape, values, json } = spec;
  if (typeof shape === 'string') return { [name]: SAMPLES[name] ?? values?.[0] ?? scalar(name, shape) };
  if (json) return { [name]: JSON.stringify(structure(shape)) };
  if ('list' in shape && typeof shape.list === 'object' && 'fields' in shape.list) {
    const fields = Object.entries(shape.list.fields).map(([field, { shape: inner }]) => [
      `${name}.1.${field}`,
      scalar(field, inner),
    ]);
    return Object.fromEntries(fields) as Record<string, string>;
  }
  return { [`${name}.1`]: values?.[0] ?? scalar(name, 'list' in shape ? shape.list : 'string') };
}

function scalar(name: string, shape: Shape): string {
  if (shape === 'integer') return '1';
  if (shape === 'boolean') return 'false';
  return name.endsWith('Id') ? `sample-${name.toLowerCase()}` : 'sample';
}

function structure(shape: Shape): unknown {
  if (shape === 'integer') return 1;
  if (shape === 'boolean') return false;
  if (shape === 'any') return {};
  if (typeof shape === 'string') return 'sample';
  if ('list' in shape) return [structure(shape.list)];
  return Object.fromEntries(Object.entries(shape.fields).map(([name, field]) => [name, structure(field.shape)]));
}
