import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest's environment for Node, with a plain global object. Jest's own is a proxy, and each look at `Math`, `Map` or `Buffer` goes
 * through it: arithmetic takes up to twice as long. Node makes plain ones since 22.8:
 * https://nodejs.org/api/vm.html#vmconstantsdont_contextify
 */
export default class PlainGlobalEnvironment extends TestEnvironment {
  constructor(...args: ConstructorParameters<typeof TestEnvironment>) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(...args);
    } finally {
      vm.createContext = createContext;
    }
  }
}
