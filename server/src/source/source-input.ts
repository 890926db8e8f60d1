import { invalidParameter } from '#rpc/errors/api-error.ts';
import { isCodeRepoPath } from './source.ts';

/** Throws `InvalidParameter` unless namespace and name form a valid path of a code repository. */
export function checkBindingInput(params: { CodeRepoNamespaceName: string; CodeRepoName: string }): void {
  for (const name of ['CodeRepoNamespaceName', 'CodeRepoName'] as const) {
    if (!isCodeRepoPath(params[name]))
      throw invalidParameter(name, `${JSON.stringify(params[name])} is not the path of a code repository`);
  }
}
