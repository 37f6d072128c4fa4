import { spike } from './spike.ts';
import { stages } from './stages.ts';
import { constant, ramp } from './straight.ts';

/** Every load shape a plan can name. A new one is a file and its line here. */
export const shapes = {
  constant,
  ramp,
  stages,
  spike,
};
