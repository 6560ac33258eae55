import type { ServeArguments } from "./serve-options.ts";

/** What is printed once the registry can be reached: where, how, and what to type next. */
export function servingLines(args: ServeArguments, url: string): readonly string[] {
  const { root, htpasswd, upstream } = args;
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
    ...nextStep(args, new URL(url).host),
  ];
}

function nextStep({ upstream, "read-only": isReadOnly }: ServeArguments, host: string): readonly string[] {
  if (upstream !== undefined) return [`  Pull: pkg oci pull ${host}/OWNER/NAME:TAG`];
  return [isReadOnly ? `  Pull: pkg oci pull ${host}/NAME:TAG` : `  Push: pkg oci push ${host}/NAME:TAG FILE`];
}

function warningsOf({ htpasswd, host }: ServeArguments, url: string): readonly string[] {
  const isNear = /^(?:127\.|localhost$|::1$)/.test(host);
  if (isNear || url.startsWith("https:")) return [];
  return [
    htpasswd === undefined ? "  Anyone who reaches it can use it" : "  Passwords go over the network unencrypted",
  ];
}
