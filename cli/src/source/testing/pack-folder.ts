import { type PackedFolder, packMembers } from '../pack-members.ts';
import { readMembers } from '../source-members.ts';

/** Packs a whole folder into the tar archive `file`, as the command sends it. Returns also the paths that were left out. */
export async function packFolder(
  folder: string,
  dockerfile: string,
  file: string,
): Promise<PackedFolder & { special: string[] }> {
  const { members, special } = await readMembers(folder, dockerfile);
  return { special, ...(await packMembers(members, { folder, file })) };
}
