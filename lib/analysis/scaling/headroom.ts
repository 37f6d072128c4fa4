/** Growth that must be carried without a deployment, and before any task is added: a quarter. */
export const HEADROOM_RATIO = 0.25;
