import type { Hider } from '../../../lib/document/hidden.ts';
import type { HttpStep } from '../../../lib/plan/steps/http.ts';
import { httpStepsOf, type Step } from '../../../lib/plan/steps/index.ts';
import type { JudgedReply } from '../../../loadgen/engine/program.ts';
import type { Sender } from '../../../loadgen/senders/sender.ts';
import type { Value } from '../../../loadgen/engine/user.ts';
import { printResult } from '../../terminal.ts';
import type { OnceWatch } from '../../../loadgen/task/steps-once.ts';
import { isSecret, shownChecks } from './shown-checks.ts';
import { shownExchange } from './shown-exchange.ts';

/** Shorter values stand in other places for something else. */
const SHORTEST_SECRET = 6;

/** Shows exchanges, checks and captures of steps; what was captured under the name of a secret is hidden from then on. */
export class Onlooker {
  readonly #hide: Hider;
  readonly #secrets = new Set<string>();

  constructor(hide: Hider) {
    this.#hide = hide;
  }

  readonly hide = (text: string): string => this.#hide(text, [...this.#secrets]);

  /** `steps` in the order in which they are numbered. */
  readonly of = (steps: readonly Step[]): OnceWatch => {
    const requests = httpStepsOf(steps);
    let [step, judged]: [HttpStep | undefined, JudgedReply | undefined] = [undefined, undefined];
    return {
      judged: (number, seen) => {
        [step, judged] = [requests[number], seen];
        if (step !== undefined) this.#remember(step, seen);
      },
      sender: (own) =>
        watched(own, (exchange, settle) => {
          // JudgedReply first: what it captures may be a secret that stands in the exchange.
          [step, judged] = [undefined, undefined];
          settle();
          const checks = step === undefined || judged === undefined ? [] : shownChecks(step, judged, this.hide);
          printResult(['', shownExchange(exchange, this.hide), ...checks].join('\n'));
        }),
    };
  };

  #remember({ captures }: HttpStep, { user }: JudgedReply): void {
    for (const capture of captures.filter(isSecret))
      for (const text of textsOf(user.variables.get(capture.as))) this.#secrets.add(text);
  }
}

const textsOf = (value: Value | undefined): string[] =>
  [value].flat().flatMap((each) => (typeof each === 'string' && each.length >= SHORTEST_SECRET ? [each] : []));

type Exchanged = Parameters<typeof shownExchange>[0];

/** The same sender, whose replies are read whole. */
const watched = (sender: Sender, seen: (exchange: Exchanged, settle: () => void) => void): Sender => ({
  send: (outgoing, poolKey, settled) => {
    const whole = { ...outgoing, needs: { ...outgoing.needs, body: true, headers: true } };
    const sentMs = performance.now();
    return sender.send(whole, poolKey, (settlement) =>
      seen({ outgoing, settlement, tookUs: (performance.now() - sentMs) * 1000 }, () => settled(settlement)),
    );
  },
  leave: (poolKey) => sender.leave(poolKey),
  close: () => sender.close(),
});
