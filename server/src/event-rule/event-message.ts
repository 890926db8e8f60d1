import type { Repository } from '#repository/repository.ts';
import type { EventRule, NotifyMethod, Occurrence } from './event-rule.ts';
import { mailMessage } from './mail-message.ts';

/** The account and region of this server, and the instance. */
export interface MessageOrigin {
  accountId: string;
  regionId: string;
  instanceName: string;
  publicUrl: string;
}

/** The body that a rule sends. */
export function eventMessage(
  { method }: Pick<EventRule, 'method'>,
  id: string,
  what: { occurrence: Occurrence; repository: Repository; origin: MessageOrigin },
): string {
  if (method === 'mail') return mailMessage({ ...what, publicUrl: what.origin.publicUrl });
  const event = cloudEvent(id, what);
  return JSON.stringify(method === 'dingding' ? robotMessage(event, what) : event);
}

/** The type of a rule's bodies. */
export function contentTypeOf(method: NotifyMethod): string {
  if (method === 'mail') return 'text/plain; charset=utf-8';
  return method === 'dingding' ? 'application/json' : 'application/cloudevents+json';
}

/** A CloudEvent in structured mode: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md */
function cloudEvent(id: string, { occurrence, repository, origin }: Parameters<typeof eventMessage>[2]) {
  const { eventType, timeMs, tag, data } = occurrence;
  const { instanceId, repoId, namespaceName, name } = repository;
  const { accountId, regionId, instanceName } = origin;
  return {
    specversion: '1.0',
    id,
    source: 'acs.cr',
    type: eventType,
    subject: `acs.cr:${regionId}:${accountId}:${instanceId}/${namespaceName}/${name}`,
    time: new Date(timeMs).toISOString(),
    datacontenttype: 'application/json',
    aliyunaccountid: accountId,
    aliyunregionid: regionId,
    aliyuneventbusname: 'default',
    data: {
      InstanceId: instanceId,
      InstanceName: instanceName,
      RegionId: regionId,
      RepoId: repoId,
      RepoNamespaceName: namespaceName,
      RepoName: name,
      Tag: tag,
      ...data,
    },
  };
}

/** A text for a DingTalk robot. A robot may ask for a keyword: the type of the event is in each text. */
function robotMessage(
  event: ReturnType<typeof cloudEvent>,
  { occurrence, repository }: Parameters<typeof eventMessage>[2],
): object {
  const image = `${repository.namespaceName}/${repository.name}${occurrence.tag === '' ? '' : `:${occurrence.tag}`}`;
  const facts = Object.entries(occurrence.data).map(([name, value]) => `${name}: ${value}`);
  return { msgtype: 'text', text: { content: [event.type, image, ...facts, event.time].join('\n') } };
}
