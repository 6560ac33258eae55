/** How an answer goes wrong. */
export type Fault =
  /** A completely different answer, with headers such as `Retry-After` in `headers`. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The right Content-Length, and a connection that ends after `bytes`. */
  | { readonly kind: "truncate"; readonly bytes: number }
  /** The same, by RST. */
  | { readonly kind: "reset"; readonly bytes: number }
  /** No Content-Length, and a body that never ends (it stops at 1 GiB, should nobody else stop it). */
  | { readonly kind: "endless" }
  /** Another body of the right form; its Content-Length fits unless `headers` say otherwise. */
  | { readonly kind: "body"; readonly body: Buffer | string; readonly headers?: Readonly<Record<string, string>> }
  /** The right length with one bit wrong: the digest no longer fits. */
  | { readonly kind: "corrupt" }
  /** The right body chunked, followed by `bytes` more (negative: that many fewer), without a Content-Length. */
  | { readonly kind: "resize"; readonly bytes: number }
  /** The right body under other headers; null takes one away. */
  | { readonly kind: "headers"; readonly headers: Readonly<Record<string, string | null>> }
  | { readonly kind: "html" }
  | { readonly kind: "redirect"; readonly location: string; readonly status?: number }
  /** Every answer leads to another path of this server, without end. */
  | { readonly kind: "redirect-loop" }
  /** `bytes` at a time, `everyMs` apart. */
  | { readonly kind: "trickle"; readonly bytes: number; readonly everyMs: number }
  /** Headers and `bytes` of the body, then silence. */
  | { readonly kind: "stall"; readonly bytes: number }
  /** No answer at all. */
  | { readonly kind: "hang" }
  /** A range request is answered 200 with everything. */
  | { readonly kind: "ignore-range" }
  /** 206 with the right bytes under a Content-Range that says they start elsewhere. */
  | { readonly kind: "wrong-range" };

export interface FaultRule {
  /** Matched against the path and query; a string must be contained in it. */
  readonly path: RegExp | string;
  readonly method?: string;
  /** How many requests it applies to, after which answers are correct; default every one. */
  readonly times?: number;
  readonly fault: Fault;
}

export interface RecordedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Status and body bytes of the answer, once it was given; 0 until then. */
  readonly status: number;
}

/** The rules in order; the first that matches and is not used up applies. */
export class FaultRules {
  readonly #rules: { readonly rule: FaultRule; used: number }[];

  constructor(rules: readonly FaultRule[]) {
    this.#rules = rules.map((rule) => ({ rule, used: 0 }));
  }

  add(rule: FaultRule): void {
    this.#rules.push({ rule, used: 0 });
  }

  clear(): void {
    this.#rules.length = 0;
  }

  take(method: string, path: string): Fault | null {
    const found = this.#rules.find(({ rule, used }) => used < (rule.times ?? Infinity) && matches(rule, method, path));
    if (found === undefined) return null;
    found.used += 1;
    return found.rule.fault;
  }
}

function matches(rule: FaultRule, method: string, path: string): boolean {
  if (rule.method !== undefined && rule.method !== method) return false;
  return typeof rule.path === "string" ? path.includes(rule.path) : rule.path.test(path);
}
