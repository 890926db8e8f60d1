// One chunk for all pages of access: they are small, share most of their parts, and each chunk costs the first load its name.
export { AccessPage } from './AccessPage.tsx';
export { GroupList } from './GroupList.tsx';
export { GroupPage } from './GroupPage.tsx';
export { PolicyList } from './PolicyList.tsx';
export { PolicyPage } from './PolicyPage.tsx';
export { RoleList } from './RoleList.tsx';
export { RolePage } from './RolePage.tsx';
export { SignInSettings } from './SignInSettings.tsx';
export { Simulator } from './Simulator.tsx';
export { UserList } from './UserList.tsx';
export { UserPage } from './UserPage.tsx';
export { WhoCan } from './WhoCan.tsx';
