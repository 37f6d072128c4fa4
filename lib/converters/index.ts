import { artilleryScripts } from './artillery/artillery.ts';
import type { Converter } from './converter.ts';
import { har } from './har/har.ts';
import { jmx } from './jmx/jmx.ts';
import { openapi } from './openapi/openapi.ts';
import { postman } from './postman/postman.ts';

/** Every kind of script that becomes a plan. A new one is its own file, or folder, and its line here. */
export const converters: readonly Converter[] = [har, openapi, postman, jmx, artilleryScripts];
