import type { Database } from '#db/database.ts';
import { ManifestMistake } from '#image/manifest.ts';
import { JobFailed } from '#job/job.ts';
import type { Advisory } from './advisory/advisory.ts';
import {
  type AdvisoryDatabase,
  findAdvisories,
  findAdvisoryDatabase,
  listKnownEcosystems,
} from './advisory/advisory-store.ts';
import { ecosystemsOf } from './advisory/ecosystem.ts';
import type { Finding } from './advisory/finding.ts';
import { advisedNames, findingOf, isAffected } from './advisory/match.ts';
import { type ImageBytes, imagesOf } from './image-content.ts';
import { ImageMistake, type Inventory, type Package } from './inventory/inventory.ts';
import type { InventoryLimits } from './inventory/read-inventory.ts';
import { inventoryOf } from './inventory-of.ts';
import { BUILT_IN, type ScannedImage, type Scanner, type ScanOutcome } from './scanner.ts';

/** What the scanner needs. */
export interface BuiltInMeans {
  db: Database;
  instanceId: string;
  images: ImageBytes;
  /** A folder for temporary copies. */
  scratch: string;
  limits?: InventoryLimits;
}

/** The most findings of an image. */
const FINDINGS_LIMIT = 50_000;

/** Reads the packages of an image and looks them up in the imported advisories. */
export function builtInScanner(means: BuiltInMeans): Scanner {
  return { name: BUILT_IN, scan: (subject, signal) => scan(means, subject, signal) };
}

async function scan(means: BuiltInMeans, subject: ScannedImage, signal: AbortSignal): Promise<ScanOutcome> {
  const { db, instanceId } = means;
  const database = await findAdvisoryDatabase(db, instanceId);
  if (database === undefined) throw failed('no advisories were imported, so nothing could be looked up');
  const inventories = await readInventories(means, subject, signal);
  const findings = new Map<string, Finding>();
  const unchecked = new Set<string>();
  for (const inventory of inventories) {
    const { found, unknown } = await lookUp(db, database, inventory);
    for (const name of unknown) unchecked.add(name);
    for (const each of found) findings.set(JSON.stringify([each.name, each.package, each.version, each.format]), each);
    if (findings.size > FINDINGS_LIMIT) throw failed(`the image has more than ${FINDINGS_LIMIT} findings`);
  }
  return { database, findings: [...findings.values()], unchecked: [...unchecked].sort() };
}

/** The content of each image of a digest. Throws JobFailed. */
export async function readInventories(
  means: Pick<BuiltInMeans, 'images' | 'scratch' | 'limits'>,
  { repository, digest }: ScannedImage,
  signal: AbortSignal,
): Promise<Inventory[]> {
  const { images } = means;
  try {
    const inventories: Inventory[] = [];
    for (const { layers } of await imagesOf(images, repository, digest)) {
      inventories.push(await inventoryOf(means, layers, signal));
    }
    return inventories;
  } catch (error) {
    if (error instanceof ImageMistake || error instanceof ManifestMistake)
      throw new JobFailed({ code: 'IMAGE', message: error.message }, { mayPass: false, cause: error });
    throw error;
  }
}

/** An image is never reported as clean without a look-up. */
async function lookUp(
  db: Database,
  database: AdvisoryDatabase,
  { distribution, packages }: Inventory,
): Promise<{ found: Finding[]; unknown: string[] }> {
  if (packages.length === 0)
    throw failed('nothing in the image says which packages it holds, so nothing could be looked up');
  const groups = new Map<string, Package[]>();
  const unknown = new Set<string>();
  for (const [names, of] of groupsOf(packages, (each) => ecosystemsOf(each, distribution))) {
    const known = await listKnownEcosystems(db, database, names);
    for (const name of known) groups.set(name, of);
    if (known.size > 0) continue;
    if (['dpkg', 'apk', 'rpm'].includes(of[0]?.format ?? '')) throw failed(noAdvisories(names));
    unknown.add(names[0] ?? '');
  }
  if (groups.size === 0) throw failed(noAdvisories([...unknown]));
  const found: Finding[] = [];
  for (const [ecosystem, of] of groups) {
    const names = [...new Set(of.flatMap(advisedNames).map(({ name }) => name))];
    const advisories = await findAdvisories(db, database, ecosystem, names);
    for (const each of of) found.push(...findingsOf(each, advisories));
    if (found.length > FINDINGS_LIMIT) throw failed(`the image has more than ${FINDINGS_LIMIT} findings`);
  }
  return { found, unknown: [...unknown] };
}

function findingsOf(found: Package, advisories: ReadonlyMap<string, readonly Advisory[]>): Finding[] {
  return advisedNames(found).flatMap(({ name, version }) =>
    (advisories.get(name) ?? [])
      .filter((advisory) => isAffected(found.format, version, advisory))
      .map((advisory) => findingOf(found, version, advisory)),
  );
}

function groupsOf(
  packages: readonly Package[],
  namesOf: (each: Package) => readonly string[],
): Iterable<[readonly string[], Package[]]> {
  const groups = new Map<string, [readonly string[], Package[]]>();
  for (const each of packages) {
    const names = namesOf(each);
    const key = names.join();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [names, [each]]);
    else group[1].push(each);
  }
  return groups.values();
}

function noAdvisories(names: readonly string[]): string {
  if (names.length === 0)
    return 'nothing in the image says which distribution it is, so its packages could not be looked up';
  return `no advisories for ${names.join(' or ')} were imported, so nothing could be looked up`;
}

function failed(message: string): JobFailed {
  return new JobFailed({ code: 'DATABASE', message }, { mayPass: false });
}
