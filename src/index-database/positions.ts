/** Numbers below 2^32, one after the other. */
export interface Positions {
  add(position: number): void;
  /** All of them, in the order in which they came. */
  all(): Uint32Array;
}

/** In memory that V8 neither moves nor searches for garbage. */
export function createPositions(): Positions {
  let numbers = new Uint32Array(256);
  let count = 0;
  return {
    add(position) {
      if (count === numbers.length) {
        const more = new Uint32Array(count * 4);
        more.set(numbers);
        numbers = more;
      }
      numbers[count++] = position;
    },
    all: () => numbers.subarray(0, count),
  };
}
