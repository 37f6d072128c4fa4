import { PerformanceObserver } from 'node:perf_hooks';
import type { PhaseContext } from '../engine/journey.ts';

const EVERY_MS = 10;
const CPU_EVERY_US = 1e6;

/**
 * Tells the recorder how the generator itself fares: how late its timers fire, how much CPU its thread uses, and how long
 * garbage collection stopped it. Returns what ends that.
 */
export function probeGenerator({ clock, recorder }: PhaseContext): () => void {
  let expectedUs = clock() + EVERY_MS * 1000;
  let cpu = process.threadCpuUsage();
  let cpuAtUs = clock();
  const tellCpu = (nowUs: number): void => {
    const used = process.threadCpuUsage(cpu);
    recorder.cpu(nowUs, used.user + used.system, nowUs - cpuAtUs);
    cpu = process.threadCpuUsage();
    cpuAtUs = nowUs;
  };
  const timer = setInterval(() => {
    const nowUs = clock();
    recorder.eventLoopDelay(nowUs, nowUs - expectedUs);
    expectedUs = nowUs + EVERY_MS * 1000;
    if (nowUs - cpuAtUs >= CPU_EVERY_US) tellCpu(nowUs);
  }, EVERY_MS);
  const collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) recorder.garbageCollection(clock(), duration * 1000);
  });
  collections.observe({ entryTypes: ['gc'] });
  return () => {
    clearInterval(timer);
    tellCpu(clock());
    collections.disconnect();
  };
}
