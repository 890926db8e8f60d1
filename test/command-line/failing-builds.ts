import type { TestContext } from 'node:test';
import type { FailureKind } from '../../server/src/build/failure/failure-kind.ts';
import { folderOf } from '../support/queue-build.ts';

/** A build that fails: its kind of failure, its source and flags, and what it says. */
export type FailingBuild = [title: string, kind: FailureKind, source: string, flags: string[], reason: RegExp];

/** Builds with the most common mistakes. `gitUrl` has the repository `team/hello`; `ownHost` is the server's registry. */
export function failingBuilds(t: TestContext, gitUrl: string, ownHost: string): FailingBuild[] {
  return [
    [
      'no Dockerfile',
      'dockerfile-missing',
      folderOf(t, { 'readme.txt': 'hello' }),
      [],
      /^there is no Dockerfile in the source$/,
    ],
    [
      'no Dockerfile of that name',
      'dockerfile-missing',
      folderOf(t, { Dockerfile: 'FROM busybox\n' }),
      ['--file', 'docker/Dockerfile'],
      /^there is no docker\/Dockerfile in the source$/,
    ],
    [
      'a Dockerfile without FROM',
      'dockerfile-syntax',
      folderOf(t, { Dockerfile: 'RUN true\n' }),
      [],
      /^the Dockerfile has no FROM instruction$/,
    ],
    [
      'a base image of another transport',
      'base-name',
      folderOf(t, { Dockerfile: 'FROM oci:/etc\n' }),
      [],
      /transport "oci:" is refused/,
    ],
    [
      'a base image at a private address',
      'base-address-denied',
      folderOf(t, { Dockerfile: 'FROM 10.0.0.1/team/base\n' }),
      [],
      /^base image 10\.0\.0\.1\/team\/base:latest cannot be fetched: .* 10\.0\.0\.1, which the rule "private .*; the setting allow-addresses/,
    ],
    [
      'a base image that was never pushed here',
      'base-missing',
      folderOf(t, { Dockerfile: `FROM busybox\nFROM ${ownHost}/team/nothing:2\n` }),
      [],
      /^base image 127\.0\.0\.1:\d+\/team\/nothing:2 was not found in this registry$/,
    ],
    [
      'a file that the source lacks',
      'step-file-missing',
      folderOf(t, { Dockerfile: 'FROM busybox\nCOPY missing /app/\n' }),
      [],
      /^step 2\/2 \(COPY missing \/app\/\) cannot be built: missing does not exist in the source, or \.dockerignore excludes it$/,
    ],
    [
      'an unknown branch',
      'source-ref-missing',
      `${gitUrl}/team/hello.git#a/#ü`,
      [],
      /^there is no branch and no tag a\/#ü in http:/,
    ],
    [
      'an unknown repository',
      'source-repository-missing',
      `${gitUrl}/team/nothing.git`,
      [],
      /^there is no repository at http:/,
    ],
    [
      'an unreachable host',
      'source-host-unreachable',
      'http://127.0.0.1:1/team/hello.git',
      [],
      /^the source host 127\.0\.0\.1:1 cannot be reached$/,
    ],
    [
      'an unknown host',
      'source-host-unknown',
      'http://nowhere.invalid/team/hello.git',
      [],
      /^the source host nowhere\.invalid cannot be resolved/,
    ],
    [
      'a private address',
      'source-address-denied',
      'http://10.0.0.1/team/hello.git',
      [],
      /10\.0\.0\.1, which the rule "private \(10\.0\.0\.0\/8\)" denies; the setting allow-addresses/,
    ],
  ];
}
