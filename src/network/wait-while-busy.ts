import { type RetryOptions, retry } from "../base/retry.ts";
import { hasCode } from "../errors.ts";

type Done<T> = { readonly value: T } | { readonly error: unknown };

/**
 * Does `work` again as long as a server says when to come back, and for no other failure: for work that sends a password,
 * which some servers count.
 *
 * @throws {PkgError} INTERRUPTED when the signal is aborted; else the last error of `work`, as it is
 */
export async function waitWhileBusy<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const attempt = async (): Promise<Done<T>> => {
    try {
      return { value: await work() };
    } catch (error) {
      if (hasCode(error, "SERVER_BUSY") && error.retryAfterMs !== undefined) throw error;
      return { error };
    }
  };
  const done = await retry(attempt, options);
  if ("error" in done) throw done.error;
  return done.value;
}
