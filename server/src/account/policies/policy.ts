import type { Database } from '#db/database.ts';
import { findSystemPolicy, type SystemPolicy, systemPolicies } from '#ram/system-policies.ts';
import { notExist } from '../errors.ts';
import { ramTime } from '../names.ts';
import { type TagsOf, tagsByResource } from '../tags/tag-store.ts';
import { type AttachmentTarget, countAttachments, listAttachments, type PolicyName } from './attachment-store.ts';
import {
  getPolicy,
  listCustomPolicies,
  listPolicyVersions,
  type PolicyRow,
  type PolicyVersionRow,
} from './policy-store.ts';

/** The creation time that replies give for system policies. */
const SYSTEM_TIME = '2026-01-01T00:00:00Z';

/** A policy of either type with all its versions. Throws EntityNotExist.Policy. */
export async function describePolicy(db: Database, { type, name }: PolicyName) {
  const counts = await countAttachments(db);
  const count = counts.get(`${type} ${name}`) ?? 0;
  if (type === 'System') {
    const system = findSystemPolicy(name);
    if (!system) throw notExist('EntityNotExist.Policy', name);
    const version = {
      VersionId: 'v1',
      IsDefaultVersion: true,
      PolicyDocument: system.document,
      CreateDate: SYSTEM_TIME,
    };
    return { policy: systemPolicyReply(system, count), versions: [version] };
  }
  const row = await getPolicy(db, name);
  const versions = await listPolicyVersions(db, name);
  return {
    policy: customPolicyReply(row, count),
    versions: versions.map((version) => versionReply(version, row.default_version)),
  };
}

/** All policies of one type or both, sorted by name. Callers cut pages from this list. */
export async function listPolicyReplies(db: Database, type: 'System' | 'Custom' | undefined) {
  const counts = await countAttachments(db);
  const tagsOf = await tagsByResource(db, 'policy');
  const system = systemPolicies.map((policy) => {
    const reply = systemPolicyReply(policy, counts.get(`System ${policy.name}`) ?? 0);
    return { name: policy.name, reply, tags: [] as ReturnType<TagsOf> };
  });
  const custom = (await listCustomPolicies(db)).map((row) => {
    const reply = customPolicyReply(row, counts.get(`Custom ${row.name}`) ?? 0);
    return { name: row.name, reply, tags: tagsOf(row.name) };
  });
  const wanted = type === 'System' ? system : type === 'Custom' ? custom : [...system, ...custom];
  return wanted.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The policies attached to a target, as in replies. */
export async function listAttachedReplies(db: Database, { kind, id }: AttachmentTarget) {
  const custom = new Map((await listCustomPolicies(db)).map((row) => [row.name, row]));
  return (await listAttachments(db, kind, id)).map(({ policy_type, policy_name, attached_ms }) => {
    const own = policy_type === 'Custom' ? custom.get(policy_name) : undefined;
    return {
      PolicyName: policy_name,
      PolicyType: policy_type,
      Description: own ? own.description : findSystemPolicy(policy_name)?.description,
      DefaultVersion: `v${own?.default_version ?? 1}`,
      AttachDate: ramTime(attached_ms),
    };
  });
}

/** A custom policy, as in replies. */
export function customPolicyReply(row: PolicyRow, attachmentCount: number) {
  return {
    PolicyName: row.name,
    PolicyType: 'Custom',
    Description: row.description,
    DefaultVersion: `v${row.default_version}`,
    CreateDate: ramTime(row.created_ms),
    UpdateDate: ramTime(row.modified_ms),
    AttachmentCount: attachmentCount,
  };
}

/** A version of a policy, as in replies. */
export function versionReply(row: PolicyVersionRow, defaultVersion: number) {
  return {
    VersionId: `v${row.version}`,
    IsDefaultVersion: row.version === defaultVersion,
    PolicyDocument: row.document,
    CreateDate: ramTime(row.created_ms),
  };
}

function systemPolicyReply({ name, description }: SystemPolicy, attachmentCount: number) {
  return {
    PolicyName: name,
    PolicyType: 'System',
    Description: description,
    DefaultVersion: 'v1',
    CreateDate: SYSTEM_TIME,
    UpdateDate: SYSTEM_TIME,
    AttachmentCount: attachmentCount,
  };
}
