import type { BuilderRoot } from './builder-root.ts';

/** docker-buildx 0.13 prints one message of its progress over several lines, and the server reads one per line. */
const LEAST_BUILDX = { major: 0, minor: 14 };

/** Throws if the server could not read what the builder of these packages prints: every build would wait until its timeout. */
export function checkVersions({ suite, packages }: Pick<BuilderRoot, 'suite' | 'packages'>): void {
  const version = packages.find(({ name }) => name === 'docker-buildx')?.version ?? 'no version';
  const [, major, minor] = /^(?:\d+:)?(\d+)\.(\d+)/.exec(version) ?? [];
  const isNewEnough = Number(major) > LEAST_BUILDX.major || Number(minor) >= LEAST_BUILDX.minor;
  if (isNewEnough) return;
  const least = `${LEAST_BUILDX.major}.${LEAST_BUILDX.minor}`;
  throw new Error(
    `Debian ${suite} has docker-buildx ${version}, and Slipway needs ${least} or newer: choose a newer suite, or leave out --suite`,
  );
}
