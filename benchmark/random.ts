/** A source of pseudo-random integers, uniform over 0 … 2^32 - 1. */
export type RandomSource = () => number;

/**
 * The generator xoshiro128**, which gives the same stream on every machine.
 *
 * Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", TOMS 2021.
 *
 * @param state four 32-bit integers, not all zero.
 */
export function xoshiro128(state: readonly [number, number, number, number]): RandomSource {
  let [a, b, c, d] = state;
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
}

/** A generator whose stream is fixed by one integer. */
export function seededRandom(seed: number): RandomSource {
  // The finaliser of MurmurHash3 over a Weyl sequence spreads nearby seeds apart; it is a
  // bijection of 32-bit integers, so four successive states are never all zero.
  let weyl = seed | 0;
  const next = (): number => {
    weyl = (weyl + 0x9e3779b9) | 0;
    let mixed = weyl;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return mixed ^ (mixed >>> 16);
  };
  return xoshiro128([next(), next(), next(), next()]);
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
