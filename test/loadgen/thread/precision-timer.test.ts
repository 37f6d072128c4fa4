import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** In a process of its own, since what is asked is also whether a timer that is not set lets a process end. */
function lines(script: string): string[] {
  const url = new URL('../../../loadgen/thread/precision-timer.ts', import.meta.url).href;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--eval', `import { PrecisionTimer } from ${JSON.stringify(url)}; ${script}`],
    { cwd: fileURLToPath(new URL('../../..', import.meta.url)), encoding: 'utf8', timeout: 60_000 },
  );
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout.trim().split('\n');
}

test('fires once for each time it is set, never early, and the last setting counts', () => {
  const said = lines(`
    const timer = new PrecisionTimer();
    const fire = (delayUs) => new Promise((resolve) => {
      const setAt = performance.now();
      timer.set(delayUs, () => resolve((performance.now() - setAt) * 1000 >= delayUs));
    });
    const stay = setInterval(() => undefined, 1000);
    console.log(await fire(1500), await fire(250), await fire(0));
    let firings = 0;
    timer.set(60_000_000, () => (firings += 100));
    await new Promise((resolve) => timer.set(2000, () => resolve((firings += 1))));
    timer.set(1000, () => (firings += 10));
    timer.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    console.log(firings);
    clearInterval(stay);
  `);
  expect(said).toEqual(['true true true', '1']);
});
