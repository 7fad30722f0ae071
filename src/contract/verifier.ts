/** The port to the local model that says whether two questions ask the same. */
import type { Result } from './problem.ts';

export interface Verifier {
  /** Pairs that wait or run in this isolate now. */
  backlog(): number;
  /** `asked` comes now, `answered` was answered before. What cannot be judged is a fault, and no hit. Never throws. */
  verify(asked: string, answered: string): Promise<Result<Verification, VerifyFault>>;
}

export interface Verification {
  /** Log-odds that both ask the same, by the ramp where it left or the full model. */
  logit: number;
  /** The ramp, from 0; null where it ran to the end. */
  exit: number | null;
  /** Of both, special ones included. */
  tokens: number;
}

/** `too-long`: over the model's length together; a pair is never cut. `empty`: one has no token of its own. */
export type VerifyFault = { kind: 'too-long' } | { kind: 'empty' } | { kind: 'unavailable'; detail: string };
