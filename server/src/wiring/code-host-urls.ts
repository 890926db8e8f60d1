import type { Config } from '#settings/config.ts';
import type { CodeRepoType } from '#source/source.ts';

/** Where the settings say that each kind of code host is. */
export function codeHostUrls(config: Config): Record<CodeRepoType, string> {
  return {
    GITHUB: config['source-url-github'],
    GITLAB: config['source-url-gitlab'],
    GITEE: config['source-url-gitee'],
    CODE: config['source-url-code'],
    CODEUP: config['source-url-codeup'],
  };
}
