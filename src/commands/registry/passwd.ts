import { EXIT_CODES, PkgError } from "../../errors.ts";
import { readSecret } from "../../login/read-secret.ts";
import { checkPasswordRequest, type PasswordOutcome, setPassword } from "../../serve/set-password.ts";
import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { excludes } from "../option-rules.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("user", { type: "string", demandOption: true, description: "Whose password to set" })
      .options({
        htpasswd: {
          type: "string",
          requiresArg: true,
          demandOption: true,
          description: "The file that `registry serve --htpasswd` reads; made if it does not exist",
        },
        "password-stdin": { type: "boolean", default: false, description: "Read the password from stdin" },
        delete: { type: "boolean", default: false, description: "Remove the user instead" },
      })
      .example("$0 registry passwd alice --htpasswd users", "Asks for a password, and adds alice or changes hers")
      .example("$0 registry passwd alice --htpasswd users --delete", "Remove her"),
  rules: [excludes("delete", ["password-stdin"], "a user is removed without a password")],
  dryRun: true,
  run: async (context, { user, htpasswd, delete: isRemoval, "password-stdin": fromStdin }) => {
    const request = { user, htpasswd, directory: context.workingDirectory };
    if (!isRemoval) checkPasswordRequest(request);
    const password = isRemoval
      ? null
      : fromStdin
        ? await readSecret(context.stdin, `pkg registry passwd ${user} --htpasswd ${htpasswd}`)
        : await ask(context, user);
    const { outcome, unusable } = await setPassword({ ...request, password, dryRun: context.dryRun });
    const { dryRun } = context;
    const isUsable = unusable === null;
    context.report.result({ ...outcome, dryRun }, () => passwordLines(outcome, { htpasswd, isUsable, dryRun }));
    if (unusable !== null) {
      const { message, hint } = unusable;
      context.emit({ kind: "note", message, more: hint === undefined ? [] : [hint] });
    }
    return EXIT_CODES.done;
  },
});

const DONE: Readonly<Record<PasswordOutcome["state"], string>> = {
  added: "Added user",
  changed: "Changed the password of",
  removed: "Removed user",
};

const TO_DO: Readonly<Record<PasswordOutcome["state"], string>> = {
  added: "Would add user",
  changed: "Would change the password of",
  removed: "Would remove user",
};

interface Told {
  readonly htpasswd: string;
  readonly isUsable: boolean;
  readonly dryRun: boolean;
}

function passwordLines({ username, state }: PasswordOutcome, { htpasswd, isUsable, dryRun }: Told): readonly string[] {
  if (dryRun) return [`${TO_DO[state]} ${username} in ${htpasswd}`];
  return [
    `${DONE[state]} ${username} in ${htpasswd}`,
    ...(isUsable ? ["  A registry that is served with this file takes it up at once"] : []),
  ];
}

async function ask({ report }: Context, user: string): Promise<string> {
  const password = await report.prompt(`New password for ${user}:`, { hidden: true });
  const again = password === null ? null : await report.prompt("The same again:", { hidden: true });
  if (password === null || again === null) throw refused(user, "there is no terminal to ask for the password on");
  if (password !== again) throw refused(user, "the two passwords differ");
  return password;
}

function refused(user: string, problem: string): PkgError {
  return new PkgError("USAGE", `Cannot set the password of "${user}": ${problem}`, {
    hint: `Run it again, or with --password-stdin and the password on stdin`,
  });
}
