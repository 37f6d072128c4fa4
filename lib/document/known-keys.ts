import type { $ZodType } from 'zod/v4/core';
import type { Path } from './problems.ts';

/**
 * Every key that the schema knows at `path`, over all branches of its unions: what "did you mean" can choose from.
 * Zod's issues name the unknown key only.
 */
export function knownKeys(schema: $ZodType, path: Path): Set<string> {
  const keys = new Set<string>();
  for (const found of schemasAt(schema, path)) {
    const { def } = found._zod;
    if (def.type === 'object' && 'shape' in def) for (const key of Object.keys(def.shape as object)) keys.add(key);
  }
  return keys;
}

function schemasAt(schema: $ZodType, path: Path): $ZodType[] {
  const plain = unwrapped(schema);
  const [part, ...rest] = path;
  if (part === undefined) return plain;
  return plain.flatMap((each) => childrenOf(each, part)).flatMap((child) => schemasAt(child, rest));
}

interface Def {
  readonly type: string;
  readonly innerType?: $ZodType;
  readonly getter?: () => $ZodType;
  readonly options?: readonly $ZodType[];
  readonly shape?: Readonly<Record<string, $ZodType>>;
  readonly element?: $ZodType;
  readonly valueType?: $ZodType;
}

/** Without what only wraps: optional, lazy and unions. */
function unwrapped(schema: $ZodType): $ZodType[] {
  const def: Def = schema._zod.def;
  if (def.innerType !== undefined) return unwrapped(def.innerType);
  if (def.getter !== undefined) return unwrapped(def.getter());
  return def.options === undefined ? [schema] : def.options.flatMap(unwrapped);
}

function childrenOf(schema: $ZodType, part: Path[number]): $ZodType[] {
  const def: Def = schema._zod.def;
  const child = def.shape === undefined ? (def.element ?? def.valueType) : def.shape[part];
  return child === undefined ? [] : [child];
}
