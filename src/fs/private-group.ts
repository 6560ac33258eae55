import { userInfo } from "node:os";
import { systemCode } from "../errors.ts";
import { readLocalFileSync } from "./read-file.ts";

const MAX_ACCOUNT_FILE_BYTES = 1024 * 1024;

/** Where a system says who its users and groups are. @see passwd(5), group(5) */
export interface AccountFiles {
  readonly group: string;
  readonly passwd: string;
}

const SYSTEM_FILES: AccountFiles = { group: "/etc/group", passwd: "/etc/passwd" };

/** A user as the system knows them; `name` is null for one without an account, as in a container. */
export interface Account {
  readonly name: string | null;
  readonly id: number;
}

/**
 * True for a group that one user has alone, as Debian, Ubuntu and Fedora give everybody one: nobody else is a member of
 * it, and it has the user's name or number. A group of the same number that no file lists has no other members either.
 */
export function isPrivateGroup(gid: number, { name, id }: Account, files: AccountFiles = SYSTEM_FILES): boolean {
  const group = linesOf(files.group).find(([, , number]) => number === String(gid));
  if (group === undefined) return gid === id;
  const [groupName, , , members = ""] = group;
  const others = members.split(",").filter((member) => member !== "" && member !== name);
  const isNamed = gid === id || (name !== null && groupName === name);
  return isNamed && others.length === 0 && !isPrimaryOfOthers(gid, { name, id }, files);
}

/** The user that this process acts as. */
export function currentAccount(id: number): Account {
  try {
    const { username, uid } = userInfo();
    return { name: uid === id ? username : null, id };
  } catch (error) {
    // There is no account of that number.
    if (systemCode(error) === undefined) throw error;
    return { name: null, id };
  }
}

function isPrimaryOfOthers(gid: number, { id }: Account, files: AccountFiles): boolean {
  return linesOf(files.passwd).some(([, , user, group]) => group === String(gid) && user !== String(id));
}

/** The fields of each line; none for a file that cannot be read, or is larger than any that is kept by hand. */
function linesOf(path: string): readonly (readonly string[])[] {
  try {
    const text = readLocalFileSync(path, { maxBytes: MAX_ACCOUNT_FILE_BYTES }).toString("utf8");
    return text.split("\n").map((line) => line.split(":"));
  } catch {
    return [];
  }
}
