import { DEFAULT_IDS } from '#sandbox/protocol/ids.ts';
import { environment, flag, ids, imageNames, integer, list, oneOf, setting } from './setting-kinds.ts';

/** The settings of builds: how many run, and what each may use. */
export const BUILD_SETTINGS = {
  'concurrent-builds': setting(integer(1, 64), '2', 'How many builds run at once.'),
  'repository-builds': setting(integer(1, 1000), '1000', 'How many builds of one repository run at once.'),
  'instance-builds': setting(integer(1, 1000), '1000', 'How many builds of an instance run at once, on all workers.'),
  'drain-seconds': setting(
    integer(0, 86_400),
    '30',
    'How long running builds may continue when the server is told to stop. Builds that wait stay in the queue for the next start.',
  ),
  'supersede-builds': setting(flag, 'false', 'A push cancels the older builds of the same rule and tag.'),
  'pull-requests': setting(
    oneOf('off', 'build', 'push'),
    'off',
    'Whether pull requests are built, without secrets and logins; push also pushes their images, tagged pr-NUMBER.',
  ),
  'pull-request-cache': setting(
    oneOf('empty', 'copy'),
    'empty',
    'What the layer cache of a pull request begins as: empty, or a copy of the repository’s. With a copy, its author can read the layers of the repository’s builds.',
  ),
  'build-timeout-seconds': setting(integer(1, 86_400), '3600', 'How long a build may take.'),
  'build-memory-mebibytes': setting(integer(256, 1_048_576), '2048', 'Memory limit of a build.'),
  'build-cpus': setting(integer(1, 256), '2', 'Processor limit of a build.'),
  'build-processes': setting(integer(128, 1_000_000), '4096', 'Limit of processes and threads of a build.'),
  'build-disk-mebibytes': setting(integer(256, 16_777_216), '20480', 'Disk limit of a repository’s layer store.'),
  'build-ids': setting(
    ids,
    `${DEFAULT_IDS.first}-${DEFAULT_IDS.last}`,
    'User ids of this machine for builds, 8388608 each. Two servers on one machine need separate ids.',
  ),
  'build-network': setting(
    oneOf('world', 'none'),
    'world',
    'What a build may reach: the world (never private addresses), or none.',
  ),
  'build-allow-addresses': setting(list, '', 'Private IPv4 addresses and ranges (CIDR) that builds may reach.'),
  'build-environment': setting(
    environment,
    '',
    'Variables for every RUN that are not stored in images, such as package mirrors: PIP_INDEX_URL=https://…,npm_config_registry=https://….',
  ),
  'build-disk-free-mebibytes': setting(
    integer(0, 1_073_741_824),
    '1024',
    'If less than this is free on the disk of the data folder, builds wait in the queue. 0 never lets them wait.',
  ),
  'build-cache-mebibytes': setting(
    integer(0, 1_073_741_824),
    '102400',
    'How much disk the layers of all repositories may take. The least recently used are removed first.',
  ),
  'base-cache-mebibytes': setting(
    integer(0, 1_073_741_824),
    '51200',
    'How much disk base images may take, compressed. The least recently used are removed first, but never one that a build is using.',
  ),
  'dockerfile-frontends': setting(
    imageNames,
    '',
    'Images that may read a Dockerfile which asks for one of them (# syntax=), such as docker/dockerfile: without a tag, any tag. They can read the secrets of the build.',
  ),
  'build-cache': setting(flag, 'true', 'Whether to keep each repository’s layers for its next build.'),
  'build-cache-wait-seconds': setting(
    integer(0, 1_000_000),
    '0',
    'How long a build waits for its repository’s layers while another build is using them, within build-timeout-seconds. After that it runs every step.',
  ),
} as const;
