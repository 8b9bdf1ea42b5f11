/** Keccak-256 as Ethereum uses it, in whole numbers: short enough to be read, quick enough for a proof. */

const MASK = (1n << 64n) - 1n;
const RATE = 136;

/** Constants of the 24 rounds, from the standard's shift register. */
const ROUNDS = (() => {
  let register = 1;
  return Array.from({ length: 24 }, () => {
    let constant = 0n;
    for (let bit = 0; bit < 7; bit++) {
      register = ((register << 1) ^ ((register >> 7) * 0x71)) % 256;
      if (register & 2) constant ^= 1n << ((1n << BigInt(bit)) - 1n);
    }
    return constant;
  });
})();

const rotate = (word, by) => ((word << by) | (word >> (64n - by))) & MASK;

const permute = (state) => {
  for (const constant of ROUNDS) {
    const columns = [0, 1, 2, 3, 4].map((x) => state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20]);
    for (let x = 0; x < 5; x++) {
      const change = columns[(x + 4) % 5] ^ rotate(columns[(x + 1) % 5], 1n);
      for (let y = 0; y < 25; y += 5) state[x + y] ^= change;
    }
    let [x, y, carried] = [1, 0, state[1]];
    for (let step = 0; step < 24; step++) {
      [x, y] = [y, (2 * x + 3 * y) % 5];
      [carried, state[x + 5 * y]] = [state[x + 5 * y], rotate(carried, BigInt((((step + 1) * (step + 2)) / 2) % 64))];
    }
    for (let row = 0; row < 25; row += 5) {
      const old = state.slice(row, row + 5);
      for (let at = 0; at < 5; at++) state[row + at] = old[at] ^ (~old[(at + 1) % 5] & MASK & old[(at + 2) % 5]);
    }
    state[0] ^= constant;
  }
};

/** The hash of bytes, as 32 bytes. */
export const keccak = (bytes) => {
  const padded = new Uint8Array((Math.floor(bytes.length / RATE) + 1) * RATE);
  padded.set(bytes);
  padded[bytes.length] ^= 0x01;
  padded[padded.length - 1] ^= 0x80;
  const state = new Array(25).fill(0n);
  const words = new DataView(padded.buffer);
  for (let block = 0; block < padded.length; block += RATE) {
    for (let lane = 0; lane < RATE / 8; lane++) state[lane] ^= words.getBigUint64(block + 8 * lane, true);
    permute(state);
  }
  const hash = new DataView(new ArrayBuffer(32));
  for (let lane = 0; lane < 4; lane++) hash.setBigUint64(8 * lane, state[lane], true);
  return new Uint8Array(hash.buffer);
};

export const hex = (bytes) => "0x" + [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
export const bytes = (written) => Uint8Array.from(written.slice(2).match(/../g) ?? [], (pair) => parseInt(pair, 16));
export const word = (number) => bytes("0x" + BigInt(number).toString(16).padStart(64, "0"));
export const join = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
export const hashOfText = (text) => keccak(new TextEncoder().encode(text));
