import { artilleryScripts } from './artillery/artillery.ts';
import type { Converter } from './converter.ts';

/** Every kind of script that becomes a plan. A new one is its own file, or folder, and its line here. */
export const converters: readonly Converter[] = [artilleryScripts];
