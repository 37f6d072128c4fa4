/**
 * How a generator's task ends, for those who read the console. Step Functions tries a task again whose code is not zero: so the code
 * is also zero where another try would change nothing, and the store then says what was missed.
 */
export const taskExits = {
  done: { code: 0, means: 'its share of the phase is over, and all it saw is stored' },
  onceDone: { code: 0, means: 'the steps that a run takes once are sent, and what came of them is stored' },
  defect: { code: 1, means: 'a defect of Plimsoll' },
  inputInvalid: { code: 2, means: 'its environment, the plan or the run it was started for is wrong' },
  setupFailed: { code: 3, means: 'the setup failed, so the run must not begin' },
  storeFailed: { code: 10, means: 'the store could not be read or written' },
  notStarted: { code: 0, means: 'not all workers were ready, so none has started' },
  tooLate: { code: 0, means: 'the phase had begun without it; its share is lost' },
  stopped: {
    code: 143,
    means: 'SIGTERM, or the end of its run, ended the load early; what it saw until then is stored',
  },
} as const;

export type TaskExit = keyof typeof taskExits;
