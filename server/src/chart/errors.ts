import { ApiError } from '#rpc/errors/api-error.ts';

export function chartNamespaceNotFound(): ApiError {
  return new ApiError('CHART_NAMESPACE_NOT_EXIST', 404, 'The specified chart namespace does not exist.');
}

export function chartNamespaceExists(name: string): ApiError {
  return new ApiError('CHART_NAMESPACE_ALREADY_EXIST', 409, `The instance already has a chart namespace ${name}.`);
}

export function chartNamespaceNotEmpty(name: string): ApiError {
  return new ApiError('CHART_NAMESPACE_NOT_EMPTY', 409, `The chart namespace ${name} has repositories.`);
}

export function tooManyChartNamespaces(quota: number): ApiError {
  const message = `The instance has used up its quota of ${quota} chart namespaces.`;
  return new ApiError('CHART_NAMESPACE_QUOTA_EXCEED', 400, message);
}

export function chartRepositoryNotFound(): ApiError {
  return new ApiError('CHART_REPO_NOT_EXIST', 404, 'The specified chart repository does not exist.');
}

export function chartRepositoryExists(namespaceName: string, name: string): ApiError {
  const message = `The instance already has a chart repository ${namespaceName}/${name}.`;
  return new ApiError('CHART_REPO_ALREADY_EXIST', 409, message);
}

export function tooManyChartRepositories(quota: number): ApiError {
  const message = `The instance has used up its quota of ${quota} chart repositories.`;
  return new ApiError('CHART_REPO_QUOTA_EXCEED', 400, message);
}

export function chartReleaseNotFound(): ApiError {
  return new ApiError('CHART_RELEASE_NOT_EXIST', 404, 'The specified version of the chart does not exist.');
}

export function chartReleaseExists(fileName: string): ApiError {
  const message = `The repository already has ${fileName}.`;
  return new ApiError('CHART_RELEASE_ALREADY_EXIST', 409, message);
}

export function indexTooLarge(limitBytes: number): ApiError {
  const message = `The index of the repository would be larger than ${limitBytes} bytes.`;
  return new ApiError('CHART_RELEASE_QUOTA_EXCEED', 400, message);
}

/** The mistake in an archive, in words that end a sentence. */
export function invalidChart(reason: string): ApiError {
  return new ApiError('InvalidChart', 400, `The archive is not a chart that Helm can use: ${reason}.`);
}
