import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import type { Environment } from '../input/environment.ts';
import { getContext, readContexts, type ServerContext } from './context-file.ts';

/** What a command line says about its server. */
export interface ServerChoice {
  endpoint?: string | undefined;
  data?: string | undefined;
  context?: string | undefined;
}

/**
 * The environment of a command with the server that it is for: the one of its flags, or else of `SLIPWAY_CONTEXT`,
 * `SLIPWAY_ENDPOINT` or `SLIPWAY_DATA`, or else of the current context, or else of the folder `data`. A context brings
 * its own key pair, so that no other one is used at its server. Throws `CliError`.
 */
export function chooseServer(choice: ServerChoice, environment: Environment): Environment {
  const { endpoint, data, context } = choice;
  if (context !== undefined && (endpoint !== undefined || data !== undefined))
    throw new CliError(EXIT_CODES.usage, '--context names a server, so leave out --endpoint and --data');
  if (endpoint !== undefined || data !== undefined)
    // A folder names its server, unless an endpoint does.
    return { ...environment, endpoint: endpoint ?? environment.endpoint, dataFolder: data ?? environment.dataFolder };
  if (context !== undefined) return inContext(environment, context);
  if (environment.context !== undefined) {
    if (environment.endpoint !== undefined)
      throw new CliError(
        EXIT_CODES.usage,
        'SLIPWAY_CONTEXT and SLIPWAY_ENDPOINT both name a server; unset one of them',
      );
    return inContext(environment, environment.context);
  }
  if (environment.endpoint !== undefined || environment.hasDataFolder) return environment;
  const { Current } = readContexts(environment.contextFile);
  return Current === undefined ? environment : inContext(environment, Current);
}

function inContext(environment: Environment, name: string): Environment {
  const found: ServerContext = getContext(readContexts(environment.contextFile), name);
  return {
    ...environment,
    endpoint: found.Endpoint,
    accessKeyId: found.AccessKeyId,
    accessKeySecret: found.AccessKeySecret,
    securityToken: found.SecurityToken,
    caFile: environment.caFile ?? found.CaFile,
  };
}
