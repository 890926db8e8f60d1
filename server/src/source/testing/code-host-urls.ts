import type { CodeRepoType } from '../source.ts';

/** Where code hosts are in tests, unless they are set. */
export const CODE_HOST_URLS: Readonly<Record<CodeRepoType, string>> = {
  GITHUB: 'https://github.example',
  GITLAB: 'https://gitlab.example',
  GITEE: 'https://gitee.example',
  CODE: 'https://code.example',
  CODEUP: 'https://codeup.example',
};
