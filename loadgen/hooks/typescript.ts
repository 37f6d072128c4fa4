import { registerHooks } from 'node:module';
import { codeOf } from '../../lib/errors.ts';

const ENDINGS = ['.ts', '.js', '.mjs', '.cjs', '/index.ts', '/index.js'];

/**
 * Has modules found and read as bundlers do, which is how scripts of other tools are written: `./helper` and `./helper.js` may be a
 * `.ts` file, and one that imports is a module whatever its package says.
 */
export function readAsBundlersDo(): void {
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        const isRelative = /^\.{1,2}\//.test(specifier);
        if (
          !isRelative ||
          !['ERR_MODULE_NOT_FOUND', 'ERR_UNSUPPORTED_DIR_IMPORT', 'MODULE_NOT_FOUND'].includes(codeOf(error))
        )
          throw error;
        const bare = specifier.replace(/\.js$/, '');
        for (const ending of ENDINGS) {
          try {
            return next(bare + ending, context);
          } catch {
            // The next one may be there.
          }
        }
        throw error;
      }
    },
    load(url, context, next) {
      if (!url.endsWith('.ts')) return next(url, context);
      const loaded = next(url, context);
      const { source = '' } = loaded;
      const text = typeof source === 'string' ? source : new TextDecoder().decode(source ?? undefined);
      const isModule = /^\s*(?:import|export)\s/m.test(text);
      return isModule && loaded.format?.startsWith('commonjs') === true
        ? next(url, { ...context, format: 'module-typescript' })
        : loaded;
    },
  });
}
