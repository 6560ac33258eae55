import { isAbsolute, join } from "node:path";
import { type Environment, variable, variables } from "../base/environment.ts";

/** Where credentials are kept, as the environment says. Holds secrets, so it must never be printed. */
export interface CredentialSettings {
  /** Credential files in the order in which they are read; they need not exist. */
  readonly files: readonly string[];
  /** The file that a login is written to; null when there is no home directory. */
  readonly loginFile: string | null;
  /** A token for ghcr.io, used when nothing else is configured for it. */
  readonly githubToken: string | null;
  /** The variable that it is from; null: there is none. */
  readonly githubTokenName: string | null;
  /** The environment of credential helpers. */
  readonly helperEnvironment: Readonly<Record<string, string>>;
}

/** Variables that a keychain, an agent or a cloud's command needs to find its owner, and none with other secrets. */
const HELPER_VARIABLES =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|LANG|LANGUAGE|TERM|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|DBUS_SESSION_BUS_ADDRESS|DOCKER_CONFIG|SSH_AUTH_SOCK|GPG_TTY|GNUPGHOME|SSL_CERT_FILE|SSL_CERT_DIR|(?:https?|no|all)_proxy|(?:HTTPS?|NO|ALL)_PROXY|(?:LC|XDG|PASSWORD_STORE|AWS|AZURE|CLOUDSDK|GOOGLE|GCR)_[A-Za-z0-9_]+)$/;

/**
 * Where credentials are looked up, in this order; the first place that has one for a registry is used:
 * only `$REGISTRY_AUTH_FILE` if it is set (podman, skopeo); else docker's `$DOCKER_CONFIG/config.json`, by default
 * `~/.docker/config.json`; `$XDG_RUNTIME_DIR/containers/auth.json`, by default `/run/containers/UID/auth.json`;
 * `$XDG_CONFIG_HOME/containers/auth.json`, by default `~/.config/containers/auth.json`; and for ghcr.io `$GITHUB_TOKEN`,
 * then `$GH_TOKEN`.
 *
 * @param userId the number of the user that runs the program; null: not known, as on Windows
 */
export function credentialSettings(env: Environment, userId: number | null = null): CredentialSettings {
  const { files, loginFile } = filesOf(env, userId);
  const githubTokenName = ["GITHUB_TOKEN", "GH_TOKEN"].find((name) => variable(env, name) !== null);
  return {
    files,
    loginFile,
    githubToken: githubTokenName === undefined ? null : variable(env, githubTokenName),
    githubTokenName: githubTokenName ?? null,
    helperEnvironment: Object.fromEntries(variables(env).filter(([name]) => HELPER_VARIABLES.test(name))),
  };
}

function filesOf(env: Environment, userId: number | null): Pick<CredentialSettings, "files" | "loginFile"> {
  const only = variable(env, "REGISTRY_AUTH_FILE");
  if (only !== null) return { files: [only], loginFile: only };
  const home = absolute(variable(env, "HOME"));
  const docker = variable(env, "DOCKER_CONFIG") ?? within(home, ".docker");
  const configHome = absolute(variable(env, "XDG_CONFIG_HOME")) ?? within(home, ".config");
  const loginFile = within(docker, "config.json");
  const runtime = within(absolute(variable(env, "XDG_RUNTIME_DIR")), "containers/auth.json") ?? runtimeFile(userId);
  const files = [loginFile, runtime, within(configHome, "containers/auth.json")];
  return { files: files.filter((path) => path !== null), loginFile };
}

/** Where podman and skopeo keep credentials when there is no `XDG_RUNTIME_DIR`: containers-auth.json(5). */
function runtimeFile(userId: number | null): string | null {
  return userId === null ? null : `/run/containers/${userId}/auth.json`;
}

function within(directory: string | null, path: string): string | null {
  return directory === null ? null : join(directory, path);
}

/** Null for a relative path, which the XDG specification says to ignore. */
function absolute(path: string | null): string | null {
  return path !== null && isAbsolute(path) ? path : null;
}
