import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashSync } from "bcryptjs";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";

/** A htpasswd file of these users and passwords; writing it again changes it. */
export interface HtpasswdFixture {
  readonly path: string;
  write(users: Readonly<Record<string, string>>): void;
}

/** @param cost of bcrypt; 4, the least there is, keeps tests quick */
export function htpasswdFile(test: Cleanup, users: Readonly<Record<string, string>>, cost = 4): HtpasswdFixture {
  const path = join(tempDirectory(test), "htpasswd");
  const write: HtpasswdFixture["write"] = (now) => {
    const lines = Object.entries(now).map(([user, password]) => `${user}:${hashSync(password, cost)}`);
    writeFileSync(path, `# users\n\n${lines.join("\n")}\n`);
  };
  write(users);
  return { path, write };
}

/** The header that sends a user and password. */
export function basic(user: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}
