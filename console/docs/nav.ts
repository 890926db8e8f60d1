/** A page in the navigation: its file, and a name if the file's title is too long there. */
type NavPage = readonly [file: string, label?: string];

interface NavSection {
  readonly title: string;
  readonly pages: readonly NavPage[];
}

/** The navigation. Every page of `docs/` is in it once; operations and decisions are found through their lists. */
export const NAV: readonly NavSection[] = [
  {
    title: 'Start',
    pages: [
      ['README.md', 'Overview'],
      ['docs/tutorial.md', 'Tutorial'],
      ['docs/concepts.md'],
      ['docs/install.md'],
      ['docs/troubleshooting.md'],
      ['docs/failures.md'],
      ['docs/faq.md'],
      ['docs/comparison.md'],
    ],
  },
  {
    title: 'Guides',
    pages: [
      ['docs/guides/docker.md'],
      ['docs/guides/podman.md'],
      ['docs/guides/kubernetes.md'],
      ['docs/guides/gitlab.md'],
      ['docs/guides/github.md'],
      ['docs/guides/gitea.md'],
      ['docs/guides/air-gapped.md'],
    ],
  },
  {
    title: 'Build',
    pages: [
      ['docs/building.md', 'The build command'],
      ['docs/dockerfiles.md', 'Dockerfiles'],
      ['docs/sources.md', 'Sources and pushes'],
      ['docs/command-line.md'],
      ['docs/console.md'],
      ['docs/sandbox.md', 'The sandbox'],
    ],
  },
  {
    title: 'Images and charts',
    pages: [
      ['docs/registry-login.md', 'Registry logins'],
      ['docs/permissions.md'],
      ['docs/scanning.md'],
      ['docs/triggers.md'],
      ['docs/event-rules.md'],
      ['docs/chains.md'],
      ['docs/charts.md'],
      ['docs/acceleration.md'],
    ],
  },
  {
    title: 'Operate',
    pages: [
      ['docs/operating.md'],
      ['docs/container.md'],
      ['docs/backup.md', 'Backups'],
      ['docs/fleet.md'],
      ['docs/move.md'],
      ['docs/security.md', 'Keys and secrets'],
      ['docs/settings.md'],
      ['docs/benchmarks.md'],
    ],
  },
  {
    title: 'Reference',
    pages: [
      ['docs/clients.md', 'The vendor’s clients'],
      ['docs/api/coverage.md', 'The vendor’s API'],
      ['docs/native-api.md'],
      ['docs/differences.md', 'Differences'],
      ['docs/errors.md'],
      ['docs/log-format.md', 'The log format'],
    ],
  },
  {
    title: 'Develop',
    pages: [
      ['ARCHITECTURE.md', 'Architecture'],
      ['CONTRIBUTING.md', 'Contributing'],
      ['docs/decisions', 'Decisions'],
      ['SECURITY.md', 'Report a vulnerability'],
      ['CHANGELOG.md', 'Changes'],
    ],
  },
];

/** Pages that only a list leads to, and the entry of the navigation that is marked for them. */
export const LISTED: readonly (readonly [folder: string, entry: string])[] = [
  ['docs/api/', 'docs/api/coverage.md'],
  ['docs/decisions/', 'docs/decisions'],
];
