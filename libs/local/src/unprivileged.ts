// As whom children run when we are root. An ordinary user starts everything as itself.

export interface UserIds {
  uid?: number;
  gid?: number;
}

const isRoot = process.getuid?.() === 0;

/** `nobody`: Postgres refuses to run as root, and initdb wants a user that is listed on the machine. */
export const postgresUser: UserIds = isRoot ? { uid: 65534, gid: 65534 } : {};

/** Not `nobody`: a page that breaks out of the browser's sandbox must not own the database's files. Needs no listed user. */
export const browserUser: UserIds = isRoot ? { uid: 65533, gid: 65533 } : {};
