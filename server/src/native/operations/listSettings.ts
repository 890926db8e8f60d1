import { nativeOperation } from '../native-operation.ts';

/**
 * `GET /settings`: the settings as they are. The name of the action is none of those that read-only policies of the registry
 * allow (`cr:Get*`, `cr:List*`), since settings show what the machine and its network are like.
 */
export default nativeOperation('listSettings', async ({ settings }) => ({
  Settings: settings.map(({ name, value, fallback, origin, isSecret, sentence }) => ({
    Name: name,
    Value: value,
    Default: fallback,
    Origin: origin,
    Secret: isSecret,
    Description: sentence,
  })),
}));
