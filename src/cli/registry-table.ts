import { type CommandEntry, type Entry, entry, group } from "./entries.ts";

/** How the registries that are named on the command line are reached; this takes precedence over the config. */
export const REGISTRY_OPTIONS: CommandEntry["options"] = {
  "plain-http": { type: "boolean", description: "Speak http to the registries named here, not https" },
  insecure: { type: "boolean", description: "Do not check the TLS certificates of the registries named here" },
};

/** Makes a command that may contact the registries it is given. */
export function registryEntry(usage: string | CommandEntry["usage"], description: string, load: CommandEntry["load"]) {
  return entry(usage, description, load, REGISTRY_OPTIONS);
}

/** `pkg login`, and `pkg oci login`. */
export const LOGIN: Entry = registryEntry(
  "login <registry>",
  "Save a registry's credentials",
  () => import("../commands/settings/login.ts"),
);

/** `pkg logout`, and `pkg oci logout`. */
export const LOGOUT: Entry = entry(
  "logout <registry>",
  "Forget a registry's credentials",
  () => import("../commands/settings/logout.ts"),
);

/** `pkg registry`. */
export const REGISTRY: Entry = group("registry", "An OCI registry of your own", [
  entry(
    "serve",
    "Serve a directory as an OCI registry, or as a cache of another one",
    () => import("../commands/registry/serve.ts"),
  ),
  entry(
    "passwd <user>",
    "Set a user's password for a registry, or remove the user",
    () => import("../commands/registry/passwd.ts"),
  ),
  entry("gc", "Remove what nothing in a registry refers to", () => import("../commands/registry/gc.ts")),
]);
