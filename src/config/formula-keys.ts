import { PkgError } from "../errors.ts";
import type { JwsKey } from "../verify/jws.ts";

/** The key that signs the formulae of formulae.brew.sh. */
export const HOMEBREW_KEY =
  "MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEAyKoOYzp1rhwXISRi61BYXBEr2PalSK8lEVOL2USy7mpy0OubOlFyujawyQcBcCn+uPOJ/WaK+POhNWcLLoiKL2m8GViaQm7SMwdLKUXFgKSPHcG/1m6Vu+TNBKTfQqT60PjEYIrn5NW9ZrM0cUhKREmsbeAMBevdSaW9UwY9iIhprrgovvT8SzKhF8ZOIZKXfJX4VNk0y/7VJYNuGGqH3npxV7OKd4yTGRGqFcC9kJ84me3thiu0yqlOjASmfWIwIwcfp4j6BEM2LuqKd7yXh51/O+MTthkuxV36moDKfdgdOFsvlCFkziaYLScCX9lOlmZHtOfJTAOXxTmM7qGrwTGK0vhvTi8k9dBmH/dccredQBtPOfM/FEdeyakGLoTcDguiBS/4El3I2KtF6B2hOGoBumR915/cI4drr5yPMduZ7gjs7ZEZnVkeVzic24TfUHpnOYzrhucNJtHMBDj96d1Gk82AhtuF9KlusLmCb6qXCWQSp/A4RZpN37E/p9q8rLp/7B/zp8X2TVvecPNyBdMagdktdEqK7WPlYMcUp56JaOph8vqYoU+oGyCpWoLvcXFb75o4eefuu6Rs5SyMc9JCCJ0DDFPjCRFnGPkvsKxFCzMFqH1jpWH0RQIrgmNVM5PO84iRH9YJsSPQzpMjKvK/ZH4YgR9wNkBNagFo7lsCAwEAAQ==";

/** How a signature names a key whose text has no id of its own. */
const DEFAULT_ID = "homebrew-1";

/** SPKI of an RSA key begins like this in base64, whatever its size from 1,024 bits up. */
const KEY = /^(?:([\w.-]{1,64}):)?(MI[A-Za-z0-9+/]{100,}={0,2})$/;

/** True for a text that is written like a key of formulae, and not like a path or a minisign key. */
export function isFormulaKey(text: string): boolean {
  return KEY.test(text);
}

/**
 * The key that a text has: the SPKI in base64, with the id by which signatures name it and a colon before it; without
 * these, `homebrew-1`. Whether it is a key at all is found out when something is verified with it.
 *
 * @throws {PkgError} KEY_INVALID
 */
export function parseFormulaKey(text: string): JwsKey {
  const [, id = DEFAULT_ID, spki] = KEY.exec(text) ?? [];
  if (spki !== undefined) return { id, spki };
  const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  throw new PkgError("KEY_INVALID", `Cannot use the key "${shown}": expected an RSA key as SPKI in base64`, {
    hint: 'It begins with "MII", or with the id that its signatures have: "homebrew-2:MII…"; a minisign key is for other repositories',
  });
}

const MAX_SHOWN = 40;
