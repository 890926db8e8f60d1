/**
 * The platforms that images can be built for, in the spelling that Slipway uses everywhere. Other spellings are
 * converted to these.
 */
export const PLATFORMS = [
  'linux/amd64',
  'linux/amd64/v2',
  'linux/amd64/v3',
  'linux/arm64',
  'linux/arm/v7',
  'linux/arm/v6',
  'linux/arm/v5',
  'linux/386',
  'linux/ppc64le',
  'linux/riscv64',
  'linux/s390x',
] as const;

/** The platform of this machine, which is the default of builds. */
export const HOST_PLATFORM = `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`;

/** The names of processors in programs, distributions and kernels → the names in image platforms. */
const ARCHITECTURES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    x86_64: 'amd64',
    'x86-64': 'amd64',
    aarch64: 'arm64',
    i386: '386',
    i486: '386',
    i586: '386',
    i686: '386',
    armhf: 'arm/v7',
    armv7l: 'arm/v7',
    armel: 'arm/v6',
    arm: 'arm/v7',
    ppc64el: 'ppc64le',
  }),
);

/** Variants that an architecture always has. */
const PLAIN: ReadonlyMap<string, string> = new Map([
  ['amd64/v1', 'amd64'],
  ['arm64/v8', 'arm64'],
]);

/** An image's platform, split as in the OCI image specification. */
export interface PlatformParts {
  os: string;
  architecture: string;
  variant?: string | undefined;
}

/** A platform as Slipway writes it (`arm64`, `linux/arm64/v8` and `linux/aarch64` are `linux/arm64`); undefined for one it does not build for. */
export function findPlatform(written: string): string | undefined {
  const lower = written.trim().toLowerCase();
  const name = normalName(lower.includes('/') && !lower.startsWith('arm/') ? lower : `linux/${lower}`);
  return PLATFORMS.find((each) => each === name);
}

/**
 * Reads platforms, each once, in the given order. Returns the second half of a sentence if images cannot be built for
 * one of them.
 */
export function readPlatforms(written: readonly string[]): { platforms: string[] } | { mistake: string } {
  const platforms = new Set<string>();
  for (const each of written) {
    const platform = findPlatform(each);
    if (platform === undefined)
      return {
        mistake: `${JSON.stringify(each.slice(0, 60))} is not a platform that can be built here: ${PLATFORMS.join(', ')}`,
      };
    platforms.add(platform);
  }
  return { platforms: [...platforms] };
}

/** The parts of a platform. */
export function platformParts(platform: string): PlatformParts {
  const [os = '', architecture = '', variant] = platform.split('/');
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

/** Formats the parts from an image; absent ones are left out. */
export function writePlatform({ os = 'linux', architecture = '', variant = '' }: Partial<PlatformParts>): string {
  return normalName([os, architecture, ...(variant === '' ? [] : [variant])].join('/'));
}

/** The platforms whose images run on `platform`, best first (https://github.com/containerd/platforms: `Only`). */
export function runnablePlatforms(platform: string): string[] {
  const { architecture, variant = '' } = platformParts(platform);
  const version = Number(variant.slice(1));
  const below = (name: string, from: number, least: number) =>
    Array.from({ length: Math.max(0, from - least) }, (_, at) => normalName(`linux/${name}/v${from - 1 - at}`));
  if (architecture === 'amd64') return [platform, ...below('amd64', version || 1, 1), 'linux/386'];
  if (architecture === 'arm64') return [platform, 'linux/arm/v8', ...below('arm', 8, 5)];
  if (architecture === 'arm') return [platform, ...below('arm', version, 5)];
  return [platform];
}

/** Whether steps of a platform run natively on this machine; a step that needs a missing variant fails. */
export function isNative(platform: string, host = HOST_PLATFORM): boolean {
  const { architecture } = platformParts(platform);
  return architecture === platformParts(host).architecture || (host === 'linux/amd64' && architecture === '386');
}

function normalName(name: string): string {
  const [os = '', architecture = '', ...variant] = name.split('/');
  const spoken = ARCHITECTURES.get(architecture);
  const rest = [
    spoken !== undefined && variant.length > 0 ? (spoken.split('/')[0] ?? '') : (spoken ?? architecture),
    ...variant,
  ].join('/');
  return `${os}/${PLAIN.get(rest) ?? rest}`;
}
