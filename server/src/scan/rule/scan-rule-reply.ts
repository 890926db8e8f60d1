import type { ScanRule } from './scan-rule.ts';

/** A rule as the operations show it. */
export function scanRuleReply(rule: ScanRule) {
  return {
    CreateTime: rule.createdMs,
    Namespaces: [...rule.namespaces],
    RepoNames: [...rule.repoNames],
    RepoTagFilterPattern: rule.tagPattern,
    RuleName: rule.name,
    ScanRuleId: rule.ruleId,
    ScanScope: rule.scope,
    ScanType: rule.scanType,
    TriggerType: rule.trigger,
    UpdateTime: rule.modifiedMs,
  };
}
