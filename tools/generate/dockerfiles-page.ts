import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A feature of the Dockerfile language: how it is written, what a test file that uses it has, and what Slipway does. */
type Feature = readonly [code: string, pattern: RegExp, says: string];

interface Part {
  readonly title: string;
  readonly features: readonly Feature[];
}

const PARTS: readonly Part[] = [
  {
    title: 'The file',
    features: [
      [
        '# syntax=docker/dockerfile:1',
        /^# syntax=/m,
        'Ignored, because the builder’s own frontend reads every version, unless the operator [allows the image](sandbox.md#dockerfile-frontends).',
      ],
      ['# escape=`', /^# escape=/m, 'Works. Paths in `COPY` still have slashes.'],
      ['# check=skip=all', /^# check=/m, 'Works.'],
      ['RUN <<EOF', /^RUN .*<<-?['"]?\w/m, 'Works, with several documents and with a `#!` line.'],
      ['COPY <<EOF /file', /^COPY .*<<-?['"]?\w/m, 'Works.'],
      ['MAINTAINER', /^MAINTAINER /m, 'Works, as in Docker. `LABEL` is the newer way.'],
    ],
  },
  {
    title: 'Stages and arguments',
    features: [
      ['FROM … AS name', /^FROM \S+ AS /im, 'Works. Stages that the target does not need are not built.'],
      ['FROM scratch', /^FROM scratch/m, 'Works.'],
      [
        'FROM --platform=$BUILDPLATFORM',
        /^FROM --platform=\$/m,
        'Works, see [Other platforms](building.md#other-platforms).',
      ],
      ['ARG TARGETARCH', /^ARG TARGET/m, 'Works, with all platform arguments.'],
      ['ARG before FROM', /^(#.*\n|\s*\n)*ARG /, 'Works.'],
      ['${NAME:-default}', /\$\{[A-Z_]*:[-+]/, 'Works.'],
      ['${NAME#pattern}', /\$\{[A-Z_]*[#%/]/, 'Works, with `%` and `/` too.'],
      ['ONBUILD', /ONBUILD|onbuild-/, 'Works, [with limits](sandbox.md#limits-of-base-images) for images of others.'],
      ['--build-arg SOURCE_DATE_EPOCH=…', /SOURCE_DATE_EPOCH/, 'Works: the same build gives the same digest.'],
    ],
  },
  {
    title: 'COPY and ADD',
    features: [
      ['COPY --from=stage', /^COPY .*--from=/m, 'Works, also for images; Slipway fetches them like those of `FROM`.'],
      ['COPY --chown=… --chmod=…', /^COPY .*--ch(own|mod)=/m, 'Works, with names and numbers.'],
      ['COPY --link', /^COPY .*--link/m, 'Works.'],
      ['COPY --exclude=…', /^COPY .*--exclude=/m, 'Works.'],
      ['COPY *.json ./', /^COPY .*\*/m, 'Works. A pattern that matches nothing copies nothing.'],
      [
        'COPY sql/*.sql ./',
        /^COPY .*\w\]?\w*\/\*/m,
        'Works. The builder gets from the source only what instructions name, so the build fails if nothing matches and no instruction names another file of the folder; but not if the builder has the layer from a time when nothing in the folder matched ([moby/buildkit#2933](https://github.com/moby/buildkit/issues/2933)). If nothing has to match, write `[s]ql/*.sql`: this never fails.',
      ],
      [
        'COPY --parents',
        /^COPY .*--parents/m,
        'Works. Log and history show what Slipway makes of it for its builder, a `COPY --exclude`. Refused: quotes, escape characters and `..` in its paths, and wildcards or several paths before `/./`. A file that is missing in the source fails the build, unless its name has a wildcard or a variable, or .dockerignore excludes it.',
      ],
      ['ADD archive.tar', /^ADD (--\S+ )*\S+\.tar/m, 'Works: the archive is unpacked.'],
      [
        'ADD https://…',
        /^ADD https:/m,
        'Works for addresses that builds may reach. The sandbox fetches them, so `build-network` set to `none` refuses them.',
      ],
      ['.dockerignore', /\.dockerignore/, 'Works, also as `NAME.Dockerfile.dockerignore`.'],
    ],
  },
  {
    title: 'RUN',
    features: [
      [
        'RUN --mount=type=cache',
        /--mount=type=cache/,
        'Works. The cache belongs to the repository and stays between builds.',
      ],
      ['RUN --mount=type=bind', /--mount=type=bind/, 'Works, also from other stages and images.'],
      ['RUN --mount=type=tmpfs', /--mount=type=tmpfs/, 'Works.'],
      [
        'RUN --mount=type=secret',
        /--mount=type=secret/,
        'Works, see [Secrets of one build](building.md#secrets-of-one-build).',
      ],
      [
        'RUN --mount=type=ssh',
        /--mount=type=ssh/,
        'Works with a key that you give; the agent of your machine is not used.',
      ],
      ['RUN --network=none', /--network=none/, 'Works.'],
      ['RUN --security=insecure', /--security=insecure/, '**Refused**: a step never gets more rights.'],
      ['SHELL ["/bin/bash", "-c"]', /^SHELL /m, 'Works.'],
    ],
  },
  {
    title: 'The image',
    features: [
      ['CMD, ENTRYPOINT', /^(CMD|ENTRYPOINT) /m, 'Work, in both forms.'],
      ['ENV, LABEL, EXPOSE', /^(LABEL|EXPOSE|ENV) /m, 'Work.'],
      ['USER, WORKDIR', /^(USER|WORKDIR) /m, 'Work.'],
      ['VOLUME', /^VOLUME /m, 'Works.'],
      ['HEALTHCHECK', /^HEALTHCHECK /m, 'Works.'],
      ['STOPSIGNAL', /^STOPSIGNAL /m, 'Works.'],
    ],
  },
];
const TESTS = [
  'test/build/dockerfiles/*.Dockerfile',
  'test/build/*.test.ts',
  'test/sandbox/*.test.ts',
  'server/src/sandbox/**/*.test.ts',
];
const SHOWN = 3;

/**
 * Makes `docs/dockerfiles.md`. Each feature names tests that use it; throws if no test does, so that the page promises
 * nothing that is not tried.
 */
export function dockerfilesPage(root: string): string {
  const tests = TESTS.flatMap((pattern) => globSync(pattern, { cwd: root }).sort()).map((path) => ({
    path,
    text: readFileSync(join(root, path), 'utf8'),
  }));
  const row = ([code, pattern, says]: Feature) => {
    const found = tests.filter(({ text }) => pattern.test(text));
    if (found.length === 0) throw new Error(`no test uses ${code}, which ${pattern} should find`);
    const links = found.slice(0, SHOWN).map(({ path }) => `[${basename(path, '.Dockerfile')}](../${path})`);
    const others = found.length > SHOWN ? `, ${found.length - SHOWN} more` : '';
    return `| \`\` ${code} \`\` | ${says} | ${links.join(', ')}${others} |\n`;
  };
  const parts = PARTS.map(
    ({ title, features }) =>
      `\n## ${title}\n\n| feature | what Slipway does | tests that use it |\n|---|---|---|\n${features.map(row).join('')}`,
  );
  return `# Dockerfiles

Slipway builds with BuildKit, so a Dockerfile that \`docker build\` builds gives the same image here. This table says what was tried, and names the few
differences. \`npm run gen\` makes it, and fails if no test uses a feature. \`test/build/dockerfiles.test.ts\` builds ${
    tests.filter(({ path }) => path.endsWith('.Dockerfile')).length
  } Dockerfiles like those
of well-known projects, and compares each image with what its Dockerfile should make.
${parts.join('')}
## Images that a Dockerfile names

Slipway reads the Dockerfile before the build, and fetches the images that it names outside the sandbox ([Base images](sources.md#base-images)). A name must be readable
without running a step, as Docker requires too. Inside the sandbox, no registry is reached: a step that runs \`docker pull\` itself finds only what the network settings
allow.
`;
}
