/** How far it has come, on standard error; the result goes to standard output. */
export const say = (text: string): void => void process.stderr.write(`${text}\n`);
