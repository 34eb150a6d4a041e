/** That something can't be done, in words. */
export class Refusal extends Error {}
