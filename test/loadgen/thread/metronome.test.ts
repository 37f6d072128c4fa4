import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** In a process of its own, since what is asked is also whether a silent metronome lets a process end. */
function lines(script: string): string[] {
  const url = new URL('../../../loadgen/thread/metronome.ts', import.meta.url).href;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--eval', `import { PrecisionTimer } from ${JSON.stringify(url)}; ${script}`],
    { cwd: fileURLToPath(new URL('../../..', import.meta.url)), encoding: 'utf8', timeout: 60_000 },
  );
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout.trim().split('\n');
}

test('rings once for each time it is set, never early, and the last setting counts', () => {
  const said = lines(`
    const metronome = new PrecisionTimer();
    const ring = (delayUs) => new Promise((resolve) => {
      const setAt = performance.now();
      metronome.set(delayUs, () => resolve((performance.now() - setAt) * 1000 >= delayUs));
    });
    const stay = setInterval(() => undefined, 1000);
    console.log(await ring(1500), await ring(250), await ring(0));
    let rings = 0;
    metronome.set(60_000_000, () => (rings += 100));
    await new Promise((resolve) => metronome.set(2000, () => resolve((rings += 1))));
    metronome.set(1000, () => (rings += 10));
    metronome.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    console.log(rings);
    clearInterval(stay);
  `);
  expect(said).toEqual(['true true true', '1']);
});
