import { countDeliveries, listDeliveries } from '#delivery/delivery-store.ts';
import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { eventRuleNotFound } from '../errors.ts';
import { listEventRules } from '../event-rule-store.ts';

/** What the rules of an instance sent or are about to send, the newest first. */
export default operation('ListEventCenterRecord', {
  async run({ db }, params) {
    const { InstanceId, RuleId, EventType: eventType, RepoNamespaceName: namespaceName, RepoName: repoName } = params;
    await getInstance(db, InstanceId);
    const page = planPage(params);
    const all = new Map((await listEventRules(db, InstanceId)).map((rule) => [rule.ruleId, rule]));
    if (RuleId !== undefined && !all.has(RuleId)) throw eventRuleNotFound();
    const receiverIds = RuleId === undefined ? [...all.keys()] : [RuleId];
    const filter = { receiverIds, withUntriggered: false, eventType, namespaceName, repoName };
    const records = await listDeliveries(db, filter, page);
    return {
      Records: records.map((record) => ({
        CreateTime: record.createdMs,
        EventChannel: 'EVENT_BRIDGE',
        EventNotifyId: record.deliveryId,
        EventNotifyMethod: all.get(record.receiverId)?.method ?? 'http',
        EventType: record.eventType,
        InstanceId,
        Namespace: record.namespaceName,
        RecordId: record.deliveryId,
        RepoName: record.repoName,
        RuleId: record.receiverId,
        RuleName: all.get(record.receiverId)?.name ?? '',
        Tag: record.tag,
        UpdateTime: record.triedMs ?? record.createdMs,
      })),
      PageNo: page.pageNo,
      PageSize: page.pageSize,
      TotalCount: await countDeliveries(db, filter),
    };
  },
});
