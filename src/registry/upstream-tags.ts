/** How many tags are remembered; asking for a forgotten one again only costs time. */
const MAX_TAGS = 10_000;

/** When each tag was last compared with the upstream's. */
export class FreshTags {
  readonly #ageMs: number;
  readonly #now: () => number;
  readonly #seenAt = new Map<string, number>();

  constructor(ageMs: number, now: () => number) {
    this.#ageMs = ageMs;
    this.#now = now;
  }

  isFresh(name: string, tag: string): boolean {
    const seenAt = this.#seenAt.get(`${name}:${tag}`);
    return seenAt !== undefined && this.#now() - seenAt < this.#ageMs;
  }

  note(name: string, tag: string): void {
    const key = `${name}:${tag}`;
    this.#seenAt.delete(key);
    this.#seenAt.set(key, this.#now());
    const [oldest] = this.#seenAt.keys();
    if (this.#seenAt.size > MAX_TAGS && oldest !== undefined) this.#seenAt.delete(oldest);
  }
}
