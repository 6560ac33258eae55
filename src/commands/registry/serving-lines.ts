import type { ReachedBy } from "../../serve/reached-by.ts";
import type { ServeArguments } from "./serve-options.ts";

/** What is printed once the registry can be reached: where, how, and what to type next. */
export function servingLines(args: ServeArguments, reached: ReachedBy): readonly string[] {
  const { root, htpasswd, upstream } = args;
  const { url, elsewhere } = reached;
  const isOpen = htpasswd === undefined || args["anonymous-pull"];
  const isCache = upstream !== undefined;
  const modes = [
    htpasswd === undefined ? "no password" : `password of ${htpasswd}${isOpen ? " to push" : ""}`,
    url.startsWith("https:") ? "TLS" : "no TLS",
    ...(isCache || args["read-only"] ? ["read-only"] : []),
    ...(isCache ? [`a cache of ${upstream}`] : []),
  ];
  return [
    `Serving ${root} at ${url}; stop with Ctrl-C`,
    `  ${modes.join(", ")}`,
    ...warningsOf(args, url),
    ...nextSteps(args, reached),
    ...(elsewhere === null ? [] : [`  From other machines: ${nextStep(args, elsewhere).command}`]),
  ];
}

type Reached = Pick<ReachedBy, "registry" | "options">;

function nextSteps(args: ServeArguments, reached: Reached): readonly string[] {
  const { what, command } = nextStep(args, reached);
  const { registry, options } = reached;
  const isLoginNeeded = args.htpasswd !== undefined && !(args["anonymous-pull"] && what === "Pull");
  return [...(isLoginNeeded ? [`  Log in: pkg login ${registry}${options}`] : []), `  ${what}: ${command}`];
}

function nextStep({ upstream, "read-only": isReadOnly }: ServeArguments, { registry, options }: Reached) {
  if (upstream !== undefined) return { what: "Pull", command: `pkg oci pull ${registry}/OWNER/NAME:TAG${options}` };
  if (isReadOnly) return { what: "Pull", command: `pkg oci pull ${registry}/NAME:TAG${options}` };
  return { what: "Push", command: `pkg oci push ${registry}/NAME:TAG FILE${options}` };
}

function warningsOf({ htpasswd, host }: ServeArguments, url: string): readonly string[] {
  const isNear = /^(?:127\.|localhost$|::1$)/.test(host);
  if (isNear || url.startsWith("https:")) return [];
  return [
    htpasswd === undefined ? "  Anyone who reaches it can use it" : "  Passwords go over the network unencrypted",
  ];
}
