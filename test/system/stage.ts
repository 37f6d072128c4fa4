import { join } from 'node:path';
import { CommandLine, Workplace, type Ended } from './command-line.ts';
import { Service } from './service.ts';

/** A folder with a small plan in it, and the sound service that the plan loads. */
export class Stage implements AsyncDisposable {
  readonly workplace: Workplace;
  readonly service: Service;

  private constructor(workplace: Workplace, service: Service) {
    this.workplace = workplace;
    this.service = service;
  }

  static async set(): Promise<Stage> {
    const stage = new Stage(await Workplace.make(), await Service.listen());
    await stage.workplace.write('plan.yaml', stage.planOf('{ get: / }'));
    return stage;
  }

  planOf(steps: string, duration = '600ms'): string {
    return `
name: small
target: ${this.service.url}
scenarios: [{ name: all, steps: [${steps}, { pause: 10ms }] }]
phases: [{ name: only, kind: sustained, duration: ${duration}, closed: { users: 2 } }]
`;
  }

  inPlace(name: string): string {
    return join(this.workplace.path, name);
  }

  plimsoll(...args: readonly string[]): Promise<Ended> {
    return new CommandLine(args).ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.service.close();
    await this.workplace[Symbol.asyncDispose]();
  }
}
