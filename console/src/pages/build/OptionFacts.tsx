import type { BuildDetail } from '../../api/build.ts';
import { Fact } from '../../ui/Fact.tsx';

const SHOWN_CHARS = 200;

/** What a build was asked for, as far as it is not the usual. */
export function OptionFacts({ build }: { build: BuildDetail }) {
  const shown = optionRows(build).filter(([, values]) => values.length > 0);
  return shown.map(([name, values]) => (
    <Fact key={name} name={name}>
      <code title={values.join('\n')}>{cut(values.join(', '))}</code>
    </Fact>
  ));
}

function cut(text: string): string {
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
}

type Row = [name: string, values: readonly string[]];

function optionRows({ Dockerfile, BuildArgs, Options: options }: BuildDetail): Row[] {
  const { Target, Platforms = [], NoCache, Pull, Labels = {}, Secrets = [], SshKeys = [], CacheFrom = [] } = options;
  const { CacheTo, BuildContexts = [] } = options;
  const cache = [
    ...(NoCache ? ['not used'] : []),
    ...CacheFrom.map((name) => `from ${name}`),
    ...(CacheTo ? [`to ${CacheTo.Reference} (${CacheTo.Mode ?? 'min'})`] : []),
  ];
  return [
    ['Dockerfile', Dockerfile === 'Dockerfile' ? [] : [Dockerfile]],
    ['Target', Target === undefined ? [] : [Target]],
    ['Platforms', Platforms],
    ['Arguments', BuildArgs],
    ['Labels', Object.entries(Labels).map(([name, value]) => `${name}=${value}`)],
    ['Secrets', Secrets],
    ['SSH keys', SshKeys],
    ['Contexts', BuildContexts.map(({ Name, Image, GitUrl }) => `${Name} (${Image ?? GitUrl ?? 'a folder'})`)],
    ['Cache', cache],
    ['Base images', Pull ? ['asked of their registries'] : []],
  ];
}
