/**
 * Drives a model that is cut into stages. ONNX Runtime cannot stop half-way through a graph, so leaving early means
 * not calling the next stage: whoever iterates may stop after any of them. Pure but for the sessions it is given.
 */
import type { Hidden } from './hidden.ts';

export interface StageSession {
  /** Takes the former stage's hidden state (the first stage: embedding rows), gives its own, of the same shape. */
  run(hidden: Hidden): Promise<Hidden>;
}

/** Gives the hidden state after each stage; stops computing where the caller stops iterating. */
export async function* runStages(stages: readonly StageSession[], embedded: Hidden): AsyncGenerator<Hidden, void> {
  let hidden = embedded;
  for (const stage of stages) {
    hidden = await stage.run(hidden);
    yield hidden;
  }
}

/** As {@link runStages}, the first state before them. */
export async function* statesOf(stages: readonly StageSession[], embedded: Hidden): AsyncGenerator<Hidden, void> {
  yield embedded;
  yield* runStages(stages, embedded);
}

/** The hidden state after the last stage. */
export async function runToEnd(stages: readonly StageSession[], embedded: Hidden): Promise<Hidden> {
  let last = embedded;
  for await (const hidden of runStages(stages, embedded)) {
    last = hidden;
  }
  return last;
}
