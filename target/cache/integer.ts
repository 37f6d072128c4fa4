const least = -(2n ** 63n);
const most = 2n ** 63n - 1n;

/** A canonical signed 64-bit decimal (no plus sign, no leading zero), as Redis accepts it; undefined for anything else. */
export function int64(text: Buffer): bigint | undefined {
  const digits = text.toString('latin1', 0, 21);
  if (!/^(?:0|-?[1-9]\d{0,18})$/.test(digits)) return undefined;
  const value = BigInt(digits);
  return inRange(value) ? value : undefined;
}

/** Whether a sum still is a signed 64-bit integer. */
export function inRange(value: bigint): boolean {
  return value >= least && value <= most;
}
