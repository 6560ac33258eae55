import { EXIT_CODES, PkgError } from "../../errors.ts";
import { login, registryToLogInTo } from "../../login/login.ts";
import { readSecret } from "../../login/read-secret.ts";
import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { excludes } from "../option-rules.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("registry", { type: "string", demandOption: true, description: "E.g. ghcr.io or localhost:5000" })
      .options({
        username: { alias: "u", type: "string", requiresArg: true, description: "Asked for when left out" },
        "password-stdin": { type: "boolean", default: false, description: "Read the password or token from stdin" },
        "identity-token": { type: "boolean", default: false, description: "The secret is an identity token" },
        unchecked: { type: "boolean", default: false, description: "Keep them even if they cannot be checked" },
        password: { alias: "p", type: "string", hidden: true },
      })
      .example("echo $TOKEN | $0 login ghcr.io -u NAME --password-stdin", "A GitHub token, for ghcr.io")
      .example("$0 login localhost:5000", "Asks for name and password"),
  rules: [excludes("identity-token", ["username"], "an identity token stands for its user")],
  dryRun: true,
  run: async (context, args) => {
    const { username, password } = args;
    // Before anybody types a password for it.
    const registry = registryToLogInTo(args.registry);
    // Others on the machine see arguments, and the shell keeps them.
    if (password !== undefined) throw refused(registry, "a password on the command line can be read by others");
    const isToken = args["identity-token"];
    const name = isToken ? null : (username ?? (await ask(context, registry, "user name")));
    const secret = args["password-stdin"]
      ? await readSecret(context.stdin)
      : await ask(context, registry, isToken ? "identity token" : "password");
    const outcome = await login(context, {
      registry,
      unchecked: args.unchecked,
      dryRun: context.dryRun,
      credential:
        name === null ? { kind: "identity-token", token: secret } : { kind: "basic", username: name, password: secret },
    });
    const { place } = outcome;
    const where = place.kind === "file" ? "in" : `by docker-credential-${place.helper}, as set in`;
    const { dryRun } = context;
    const done = dryRun ? "Would log in to" : "Logged in to";
    const kept = dryRun ? "to be kept" : "kept";
    context.report.result({ ...outcome, dryRun }, () => [
      `${done} ${outcome.registry}; ${kept} ${where} ${place.file}`,
    ]);
    return EXIT_CODES.done;
  },
});

type Asked = "user name" | "password" | "identity token";

async function ask(context: Context, registry: string, what: Asked): Promise<string> {
  const answer = await context.report.prompt(`The ${what} for ${registry}:`, { hidden: what !== "user name" });
  if (answer === null) throw refused(registry, `the ${what} is missing, and there is no terminal to ask on`);
  return answer;
}

function refused(registry: string, problem: string): PkgError {
  return new PkgError("USAGE", `Cannot log in to "${registry}": ${problem}`, {
    hint: `Run \`pkg login ${registry} --username NAME --password-stdin\`, the password on stdin`,
  });
}
