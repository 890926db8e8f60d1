import {
  collectorUrl,
  flag,
  httpUrl,
  integer,
  list,
  networks,
  path,
  secretText,
  setting,
  timeZone,
} from './setting-kinds.ts';

/** Settings of what the registry keeps and tells others; see `SETTINGS`. */
export const REGISTRY_SETTINGS = {
  'namespaces-limit': setting(integer(1, 1_000_000), '100', 'How many namespaces an instance may have.'),
  'repositories-limit': setting(integer(1, 1_000_000), '5000', 'How many repositories an instance may have.'),
  'chart-namespaces-limit': setting(integer(1, 1_000_000), '50', 'How many chart namespaces an instance may have.'),
  'chart-repositories-limit': setting(
    integer(1, 1_000_000),
    '5000',
    'How many chart repositories an instance may have.',
  ),
  'untagged-keep-days': setting(
    integer(0, 36_500),
    '7',
    'How many days to keep an image without a tag after it was last pushed, pulled or untagged. 0 keeps such images, and all layers, forever.',
  ),
  'time-zone': setting(
    timeZone,
    'UTC',
    'The time zone whose clock schedules go by, such as Europe/Berlin: lifecycle rules run at 02:00 on Sundays, or on the first of the month.',
  ),
  'domain-certificates': setting<string | undefined>(
    path,
    undefined,
    'Folder with certificates for customized domains: NAME.crt (with its chain, PEM) and NAME.key. The server reads them again every minute.',
  ),
  networks: setting(
    networks,
    '',
    'Private networks to which the registry may be linked, as VPC/VSWITCH=CLIENTS@ADDRESS: the range (CIDR) of the clients, and the address at which they reach this server.',
  ),
  'trigger-allow-addresses': setting(
    list,
    '',
    'Loopback and private address ranges (CIDR) to which triggers and event rules may send.',
  ),
  'sync-targets-file': setting<string | undefined>(
    path,
    undefined,
    'File with other registries and servers to which images may be copied; docs/operating.md describes it.',
  ),
  'sync-at-once': setting(integer(1, 64), '4', 'How many images are copied at once.'),
  'subscription-providers-file': setting<string | undefined>(
    path,
    undefined,
    'File with further registries whose images may be mirrored, and with logins; docs/operating.md describes it.',
  ),
  'subscription-every-hours': setting(
    integer(0, 8760),
    '24',
    'How often subscription rules run, in hours. 0: only when CreateArtifactSubscriptionTask asks for it.',
  ),
  'delete-namespace-contents': setting(
    flag,
    'false',
    'Whether DeleteNamespace also deletes the repositories of the namespace and their images. If not, it refuses a namespace that has repositories.',
  ),
  'scanner-url': setting<string | undefined>(
    collectorUrl,
    undefined,
    'A scanner that looks for vulnerabilities in place of the built-in one: the URL of its API, which is Harbor’s for scanners, as in http://trivy:8080/api/v1.',
  ),
  'scanner-authorization': setting<string | undefined>(
    secretText,
    undefined,
    'The Authorization header for that scanner, if it asks for one.',
  ),
  'scanner-registry-url': setting<string | undefined>(
    httpUrl,
    undefined,
    'The URL under which that scanner reaches this server; public-url if not set.',
  ),
  'scan-database-days': setting(
    integer(1, 36_500),
    '7',
    'Results of scans are marked as old if their advisories were older than this number of days.',
  ),
};
