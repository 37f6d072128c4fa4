import { levenbergMarquardt } from 'ml-levenberg-marquardt';

/** What was carried at a load: requests under way, or nodes. */
export interface LoadPoint {
  readonly load: number;
  readonly throughputPerSecond: number;
}

export interface FittedValue {
  readonly value: number;
  /** Half the width of the 95 % interval. */
  readonly plusMinus: number;
}

export interface UniversalScalability {
  readonly usable: true;
  /** Throughput at a load of 1. */
  readonly gamma: FittedValue;
  /** What is done one after the other, as a share: contention. */
  readonly sigma: FittedValue;
  /** What every two have to agree on: coherency. With any of it there is a peak. */
  readonly kappa: FittedValue;
  /** Absent where no coherency shows: then throughput levels off and has no peak. */
  readonly peak?: { readonly load: FittedValue; readonly throughputPerSecond: FittedValue };
  /** Mean distance of the points from the curve, as a share of their throughput. */
  readonly error: number;
}

export type ScalabilityFit = UniversalScalability | { readonly usable: false; readonly reason: string };

type Three = readonly [number, number, number];
type Matrix = readonly [Three, Three, Three];

/** Three parameters and an idea of the spread need five loads. */
const LEAST_LOADS = 5;

/** A curve that misses its points by more than this describes something else. */
const WORST_ERROR = 0.1;

/**
 * The Universal Scalability Law, X(n) = γn / (1 + σ(n − 1) + κn(n − 1)) (Gunther 1993), by least squares with parameters of zero
 * or more. It describes a closed system: of its peak an open stream of arrivals can be carried only in part.
 */
export function fitScalability(points: readonly LoadPoint[]): ScalabilityFit {
  const loads = new Set(points.map(({ load }) => load));
  if (points.some(({ load, throughputPerSecond }) => !(load > 0 && throughputPerSecond > 0)))
    return refused('every load and throughput must be more than zero');
  if (loads.size < LEAST_LOADS) return refused(`${loads.size} different loads are too few, ${LEAST_LOADS} are needed`);
  const widest = Math.max(...loads);
  const steepest = Math.max(...points.map(({ load, throughputPerSecond }) => throughputPerSecond / load));
  // Parameters of about one: γ by the steepest point, σ and κ by the highest load.
  const scales: Three = [steepest, 1 / widest, 1 / widest ** 2];
  const fitted = solve(points, scales);
  const residuals = points.map((point) => point.throughputPerSecond / carried(fitted, point.load) - 1);
  const error = Math.sqrt(residuals.reduce((sum, each) => sum + each ** 2, 0) / points.length);
  if (error > WORST_ERROR) return refused(`the points lie ${(100 * error).toFixed(0)} % off the best curve`);
  const covariance = covarianceOf(points, fitted, scales);
  if (covariance === undefined) return refused('the points do not part contention from coherency');
  return described(fitted, covariance, { error, freedom: points.length - 3, widest });
}

const refused = (reason: string): ScalabilityFit => ({ usable: false, reason });

/** A peak at more than this many times the highest load is no finding. */
const FAR = 4;

/** More than its own uncertainty. */
const shows = ({ value, plusMinus }: FittedValue): boolean => value > plusMinus;

function described(
  fitted: Three,
  covariance: Matrix,
  { error, freedom, widest }: { error: number; freedom: number; widest: number },
): ScalabilityFit {
  const t = studentOf(freedom);
  const spread = (gradient: Three) => t * Math.sqrt(Math.max(0, quadratic(gradient, covariance)));
  const [gamma, sigma, kappa] = fitted;
  const ofSigma = { value: sigma, plusMinus: spread([0, 1, 0]) };
  const ofKappa = { value: kappa, plusMinus: spread([0, 0, 1]) };
  if (!shows(ofSigma) && !shows(ofKappa))
    return refused('no curvature: throughput rises with the load in proportion, as far as was measured');
  const load = Math.sqrt(Math.max(0, 1 - sigma) / kappa);
  return {
    usable: true,
    gamma: { value: gamma, plusMinus: spread([1, 0, 0]) },
    sigma: ofSigma,
    kappa: ofKappa,
    ...(shows(ofKappa) &&
      load > 1 &&
      load < FAR * widest && {
        peak: {
          load: { value: load, plusMinus: spread([0, -1 / (2 * kappa * load), -load / (2 * kappa)]) },
          throughputPerSecond: { value: carried(fitted, load), plusMinus: spread(gradientAt(fitted, load)) },
        },
      }),
    error,
  };
}

const carried = ([gamma, sigma, kappa]: Three, load: number): number =>
  (gamma * load) / (1 + sigma * (load - 1) + kappa * load * (load - 1));

function gradientAt([gamma, sigma, kappa]: Three, load: number): Three {
  const denominator = 1 + sigma * (load - 1) + kappa * load * (load - 1);
  const value = (gamma * load) / denominator;
  return [load / denominator, (-value * (load - 1)) / denominator, (-value * load * (load - 1)) / denominator];
}

/** Errors of measured throughput go with its size: the distance of each point counts as a share of it. */
function solve(points: readonly LoadPoint[], scales: Three): Three {
  const sized = (parameters: number[]): Three => times(scales, parameters);
  const share = (at: number, of: (load: number) => number): number => {
    const { load, throughputPerSecond } = points[at] as LoadPoint;
    return of(load) / throughputPerSecond;
  };
  const { parameterValues } = levenbergMarquardt(
    { x: Array.from(points.keys()), y: points.map(() => 1) },
    (parameters) => (at) => share(at, (load) => carried(sized(parameters), load)),
    {
      initialValues: [1, 1, 1],
      minValues: [0, 0, 0],
      jacobianFunction: (parameters) => (at) =>
        [0, 1, 2].map((i) => share(at, (load) => times(scales, gradientAt(sized(parameters), load))[i] ?? 0)),
      // All iterations: the default tolerance of 1 % would end at once.
      errorTolerance: 0,
      maxIterations: 50,
    },
  );
  return sized(parameterValues);
}

const times = ([a, b, c]: Three, [x = 0, y = 0, z = 0]: readonly number[]): Three => [a * x, b * y, c * z];

/** Of the parameters: the variance of the points about the curve by the inverse of JᵀJ. */
function covarianceOf(points: readonly LoadPoint[], fitted: Three, scales: Three): Matrix | undefined {
  const rows = points.map(({ load, throughputPerSecond }) =>
    times(scales, gradientAt(fitted, load)).map((each) => each / throughputPerSecond),
  );
  const product = (i: 0 | 1 | 2, j: 0 | 1 | 2) => rows.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0);
  const inverse = inverseOf([
    [product(0, 0), product(0, 1), product(0, 2)],
    [product(1, 0), product(1, 1), product(1, 2)],
    [product(2, 0), product(2, 1), product(2, 2)],
  ]);
  if (inverse === undefined) return undefined;
  const squares = points.reduce(
    (sum, { load, throughputPerSecond }) => sum + (1 - carried(fitted, load) / throughputPerSecond) ** 2,
    0,
  );
  const variance = squares / (points.length - 3);
  const [a, b, c] = scales;
  const row = (values: Three, scale: number): Three =>
    times([a * scale * variance, b * scale * variance, c * scale * variance], values);
  return [row(inverse[0], a), row(inverse[1], b), row(inverse[2], c)];
}

function inverseOf([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix | undefined {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (Math.abs(determinant) < 1e-12 * Math.abs(a * e * i)) return undefined;
  const over = (x: number) => x / determinant;
  return [
    [over(e * i - f * h), over(c * h - b * i), over(b * f - c * e)],
    [over(f * g - d * i), over(a * i - c * g), over(c * d - a * f)],
    [over(d * h - e * g), over(b * g - a * h), over(a * e - b * d)],
  ];
}

const quadratic = ([x, y, z]: Three, [a, b, c]: Matrix): number => {
  const along = ([p, q, r]: Three) => p * x + q * y + r * z;
  return x * along(a) + y * along(b) + z * along(c);
};

/** Student's t for 95 %, by degrees of freedom from 1 on. */
const STUDENT = [12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23];
const studentOf = (freedom: number): number => STUDENT[freedom - 1] ?? 2.2;

/** What one steady stretch of load shows of Little's law: users = throughput × mean response time, and those who think. */
export interface SteadyPoint {
  readonly users: number;
  readonly throughputPerSecond: number;
  readonly meanUs: number;
  /** Users between two requests, by the plan's pauses. */
  readonly thinking: number;
}

/** In a steady stretch this much comes of its two ends; more means that requests piled up, or that one of the three was measured wrongly. */
const LITTLE_TOLERANCE = 0.1;

/** Users are counted once a second: fewer than one more or less is chance, and so is the square root of many that come at random. */
const LEAST_USERS = 1;

const usersByLaw = ({ throughputPerSecond, meanUs, thinking }: SteadyPoint): number =>
  (throughputPerSecond * meanUs) / 1e6 + thinking;

/** Whether users, throughput and time fit by Little's law. */
export function fitsLittlesLaw(point: SteadyPoint): boolean {
  const [users, lawful] = [point.users, usersByLaw(point)];
  const tolerance = Math.max(LEAST_USERS, Math.sqrt(lawful), LITTLE_TOLERANCE * Math.max(users, lawful));
  return Math.abs(lawful - users) <= tolerance;
}

/** Those points that don't fit by Little's law, and how many users it says. */
export const againstLittlesLaw = <P extends SteadyPoint>(
  points: readonly P[],
): (P & { readonly usersByLaw: number })[] =>
  points.filter((point) => !fitsLittlesLaw(point)).map((point) => ({ ...point, usersByLaw: usersByLaw(point) }));
