import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import { variable } from "../base/environment.ts";
import type { Found } from "./finding.ts";
import type { Patient } from "./patient.ts";

/** Variables that name files or directories, which have to be there. */
const PATHS = ["SSL_CERT_FILE", "REGISTRY_AUTH_FILE", "DOCKER_CONFIG", "XDG_RUNTIME_DIR"] as const;
const LISTS = ["SSL_CERT_DIR"] as const;

/** The config file, and variables that mean nothing. */
export function checkConfiguration({ troubles }: Patient): readonly Found[] {
  return troubles.map((trouble) => ({ ...trouble, subject: subjectOf(trouble), mend: null }));
}

/** The path of the config, or the name of the variable. */
function subjectOf({ code, message }: Patient["troubles"][number]): string {
  const [subject = "config"] =
    code === "variable-wrong" ? (/[A-Z][A-Z0-9_]{2,}/.exec(message) ?? []) : quotedIn(message);
  return subject;
}

function quotedIn(message: string): readonly string[] {
  return [...message.matchAll(/"([^"]+)"/g)].map(([, text = ""]) => text);
}

/** Variables that lead to nothing. */
export function checkVariables({ env }: Patient): readonly Found[] {
  const named = PATHS.map((name) => ({ name, paths: [variable(env, name)] }));
  const listed = LISTS.map((name) => ({ name, paths: variable(env, name)?.split(delimiter) ?? [] }));
  return [...named, ...listed].flatMap(({ name, paths }) =>
    paths.flatMap((path) => (path === null || path === "" || existsSync(path) ? [] : [nowhere(name, path)])),
  );
}

function nowhere(name: string, path: string): Found {
  return {
    code: "variable-nowhere",
    subject: name,
    message: `${name} names "${path}", which is not there`,
    cure: `Correct it, or take it back with \`unset ${name}\``,
    mend: null,
  };
}
