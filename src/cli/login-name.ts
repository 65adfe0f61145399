import { userInfo } from 'node:os';

/** Not everybody has one: containers run under numbers that no name belongs to. */
export function loginName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
