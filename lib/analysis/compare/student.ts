/** ln Γ(x) of x > 0: Lanczos' approximation with g = 7 and nine terms, 15 digits. */
const LANCZOS = [
  0.999_999_999_999_809_93, 676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_13,
  -176.615_029_162_140_59, 12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_571_6e-6,
  1.505_632_735_149_311_6e-7,
];

function logGamma(x: number): number {
  const [first = 1, ...rest] = LANCZOS;
  const sum = rest.reduce((total, term, at) => total + term / (x + at), first);
  const base = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}

/** The regularised incomplete beta function Iₓ(a, b), by the continued fraction of DLMF 8.17.22, from its far end. */
function betaRatio(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaRatio(1 - x, b, a);
  let fraction = 1;
  // Enough for twelve digits up to thousands of degrees of freedom.
  for (let m = 80; m >= 1; m -= 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m - 1) * (a + b + m - 1) * x) / ((a + 2 * m - 2) * (a + 2 * m - 1));
    fraction = 1 + odd / (1 + even / fraction);
  }
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x) - Math.log(a),
  );
  return front / fraction;
}

/** The share of Student's t with so many degrees of freedom that is at least `t` away from 0, on either side. */
export const farther = (t: number, freedom: number): number => betaRatio(freedom / (freedom + t * t), freedom / 2, 0.5);

/** The t that this share of Student's distribution is beyond, on either side together: farther(t) = share. */
export function tBeyond(share: number, freedom: number): number {
  let [low, high] = [0, 1];
  while (farther(high, freedom) > share && high < 1e12) high *= 2;
  for (let round = 0; round < 48; round += 1) {
    const middle = (low + high) / 2;
    if (farther(middle, freedom) > share) low = middle;
    else high = middle;
  }
  return high;
}
