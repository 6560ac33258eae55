import { EXIT_CODES } from "../../errors.ts";
import { checkNewKeyFile, saveKey } from "../../keys/key-store.ts";
import { exportPublicKey, exportSecretKey } from "../../keys/keys.ts";
import { defineCommand } from "../command.ts";
import { excludes } from "../option-rules.ts";
import { PASSPHRASE_FD, PASSPHRASE_RULES, passphraseRequest } from "../signing-options.ts";
import { KEY_NAME } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("name", KEY_NAME)
      .options({
        secret: { type: "boolean", default: false, description: "The secret key, locked if it is kept locked" },
        output: {
          alias: "o",
          type: "string",
          requiresArg: true,
          default: "-",
          description: "A new file; - for standard output",
        },
        ...PASSPHRASE_FD,
      })
      .example("$0 key export > release.pub", "The public key, for `minisign -V -p release.pub`")
      .example("$0 key export --secret -o minisign.key", "The secret key, for `minisign -S -s minisign.key`"),
  rules: [
    ...PASSPHRASE_RULES,
    excludes("secret", ["passphrase-fd"], "a secret key is written as locked as it is kept"),
  ],
  dryRun: true,
  run: async (context, args) => {
    const { name, secret, output } = args;
    const { content, ...outcome } = secret
      ? exportSecretKey(context.config, name)
      : await exportPublicKey(context.config, { name, ...passphraseRequest(context, args) });
    if (output !== "-") {
      const { dryRun } = context;
      if (dryRun) checkNewKeyFile(output);
      else saveKey(output, content, secret);
      context.report.script({ ...outcome, path: output, dryRun }, () => [dryRun ? `Would write ${output}` : output]);
    } else if (context.json) {
      context.report.result({ ...outcome, content: content.toString("utf8") }, () => []);
    } else {
      await context.report.bytes([content]);
    }
    return EXIT_CODES.done;
  },
});
