import { FIRST_SURROGATE } from "./posting-pages.ts";

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const FIRST_SLOTS = 4096;

/** A number for each text, from 0 in the order of arrival; of a part of a text, without making a text of it unless it is new. */
export class KeyTable {
  readonly keys: string[] = [];
  /** False if all keys are in the order of their UTF-8 where they are in that of their code units. */
  mayHaveSurrogates = false;
  #slots = new Int32Array(FIRST_SLOTS).fill(-1);
  #hashes = new Uint32Array(FIRST_SLOTS / 2);

  /** The number of a key. */
  number(key: string): number {
    let hash = FNV_OFFSET;
    let bits = 0;
    for (let at = 0; at < key.length; at++) {
      const code = key.charCodeAt(at);
      bits |= code;
      hash = Math.imul(hash ^ code, FNV_PRIME);
    }
    if (bits >= FIRST_SURROGATE) this.mayHaveSurrogates = true;
    return this.#findWhole(key, mixed(hash));
  }

  /** Calls `use` with the number of each run of `a` to `z` and `0` to `9`. */
  eachWord(text: string, use: (number: number) => void): void {
    let from = 0;
    let hash = FNV_OFFSET;
    for (let at = 0; at <= text.length; at++) {
      const code = at === text.length ? 0 : text.charCodeAt(at);
      if ((code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39)) {
        hash = Math.imul(hash ^ code, FNV_PRIME);
        continue;
      }
      if (from < at) use(this.#find(text, from, at, mixed(hash)));
      from = at + 1;
      hash = FNV_OFFSET;
    }
  }

  #findWhole(key: string, hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let number = this.#slots[slot] ?? -1; number !== -1; number = this.#slots[slot] ?? -1) {
      if (this.#hashes[number] === hash && this.keys[number] === key) return number;
      slot = (slot + 1) & mask;
    }
    return this.#add(key, hash, slot);
  }

  #find(text: string, from: number, to: number, hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let number = this.#slots[slot] ?? -1; number !== -1; number = this.#slots[slot] ?? -1) {
      const key = this.keys[number] ?? "";
      if (this.#hashes[number] === hash && key.length === to - from && text.startsWith(key, from)) return number;
      slot = (slot + 1) & mask;
    }
    return this.#add(text.slice(from, to), hash, slot);
  }

  #add(key: string, hash: number, slot: number): number {
    const number = this.keys.push(key) - 1;
    this.#hashes[number] = hash;
    this.#slots[slot] = number;
    if (this.keys.length * 2 >= this.#slots.length) this.#grow();
    return number;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 4).fill(-1);
    const hashes = new Uint32Array(this.#hashes.length * 4);
    hashes.set(this.#hashes);
    for (let number = 0; number < this.keys.length; number++) {
      let slot = (hashes[number] ?? 0) & (slots.length - 1);
      while (slots[slot] !== -1) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = number;
    }
    this.#slots = slots;
    this.#hashes = hashes;
  }
}

/** The low bits of FNV-1a depend on the low bits of the text alone. */
function mixed(hash: number): number {
  return (hash ^ (hash >>> 15)) >>> 0;
}
