/** The names of code hosts, by the API's word for them. */
export const CODE_HOSTS: Readonly<Record<string, string>> = {
  GITLAB: 'GitLab',
  GITHUB: 'GitHub',
  GITEE: 'Gitee',
  CODE: 'Code',
  CODEUP: 'Codeup',
};
