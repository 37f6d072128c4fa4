/**
 * What was started for a run, and how each is stopped: last first, and all of them, whatever one of them throws. Node has
 * AsyncDisposableStack for it from 24 on (https://nodejs.org/en/blog/release/v24.0.0); the package runs on 22.
 */
export class Started implements AsyncDisposable {
  readonly #stops: (() => unknown)[] = [];

  adopt<Part>(part: Part, stop: (part: Part) => unknown): Part {
    this.#stops.push(() => stop(part));
    return part;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = [];
    for (const stop of this.#stops.toReversed()) {
      try {
        await stop();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors);
  }
}
