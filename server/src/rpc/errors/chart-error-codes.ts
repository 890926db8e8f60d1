/** Codes of Helm charts; see `errorCodes`. */
export const CHART_ERROR_CODES = {
  CHART_LOGIN_REFUSED: {
    status: 401,
    message: 'Log in with the user name and password of docker login, as in helm repo add --username.',
    cause: 'A client of a chart repository sent no user name and password, or wrong ones.',
    fix: 'Log in with what docker login takes: an access key pair, what GetAuthorizationToken gives, or a password of ResetLoginPassword.',
  },
  CHART_NAMESPACE_NOT_EXIST: {
    status: 404,
    message: 'The specified chart namespace does not exist.',
    cause: 'There is no such chart namespace in the instance. Namespaces of images are others.',
    fix: 'ListChartNamespace lists the chart namespaces.',
  },
  CHART_NAMESPACE_ALREADY_EXIST: {
    status: 409,
    message: 'The instance already has a chart namespace ….',
    cause: 'The name is taken.',
    fix: 'Use the chart namespace that is there, or another name.',
  },
  CHART_NAMESPACE_NOT_EMPTY: {
    status: 409,
    message: 'The chart namespace … has repositories.',
    cause: 'A chart namespace with repositories is deleted only where the setting delete-namespace-contents is on.',
    fix: 'Delete the repositories first, with DeleteChartRepository or slipway chart repo delete, or set delete-namespace-contents.',
  },
  CHART_NAMESPACE_QUOTA_EXCEED: {
    status: 400,
    message: 'The instance has used up its quota of … chart namespaces.',
    cause: 'The instance has as many chart namespaces as the setting chart-namespaces-limit allows.',
    fix: 'Delete a chart namespace, or raise chart-namespaces-limit.',
  },
  CHART_REPO_NOT_EXIST: {
    status: 404,
    message: 'The specified chart repository does not exist.',
    cause: 'There is no such chart repository in the instance. Repositories of images are others.',
    fix: 'ListChartRepository lists the chart repositories.',
  },
  CHART_REPO_ALREADY_EXIST: {
    status: 409,
    message: 'The instance already has a chart repository ….',
    cause: 'The name is taken in this chart namespace.',
    fix: 'Use the chart repository that is there, or another name.',
  },
  CHART_REPO_QUOTA_EXCEED: {
    status: 400,
    message: 'The instance has used up its quota of … chart repositories.',
    cause: 'The instance has as many chart repositories as the setting chart-repositories-limit allows.',
    fix: 'Delete a chart repository, or raise chart-repositories-limit.',
  },
  CHART_RELEASE_NOT_EXIST: {
    status: 404,
    message: 'The specified version of the chart does not exist.',
    cause: 'The chart repository has no such chart, or not in this version.',
    fix: 'List what is there with slipway chart list NAMESPACE/NAME.',
  },
  CHART_RELEASE_ALREADY_EXIST: {
    status: 409,
    message: 'The repository already has ….',
    cause: 'This version of the chart was pushed before.',
    fix: 'Push under a new version, or replace it: helm cm-push --force, slipway chart push --force.',
  },
  CHART_RELEASE_QUOTA_EXCEED: {
    status: 400,
    message: 'The index of the repository would be larger than … bytes.',
    cause: 'The Chart.yaml of all versions in a chart repository may take 32 MiB: every client reads all of them.',
    fix: 'Delete versions that nobody uses, or push to another chart repository.',
  },
  InvalidChart: {
    status: 400,
    message: 'The archive is not a chart that Helm can use: ….',
    cause: 'It is not a gzipped tar archive with one chart in it, or what is in it is beyond the limits of Helm.',
    fix: 'Make the archive with helm package.',
  },
  CHART_TOO_LARGE: {
    status: 413,
    message: 'The archive is larger than … bytes.',
    cause: 'A chart may have 20 MiB.',
    fix: 'Leave files out with .helmignore.',
  },
} as const;
