/**
 * Finds the model that a request is for: the one that it names, or what the alias of that name stands for. From here on the request is
 * one for that model: the cache, the origin and the meter know no aliases.
 *
 * A key that may use an alias may use what it stands for. A key that may use some of that alone gets those.
 */
import { forbidden, mayUseModel } from '../access/authenticate.ts';
import type { TierAlias } from '../contract/alias.ts';
import type { Tier } from '../contract/origin.ts';
import type { Ports } from '../contract/ports.ts';
import { fail, succeed, type Problem, type Result } from '../contract/problem.ts';
import type { GenerationRequest } from '../contract/request.ts';
import type { Settings } from '../contract/settings.ts';
import type { Recorder, StageNote } from '../contract/trace.ts';
import { findAlias } from '../origin/aliases.ts';
import { filter } from '../origin/filter.ts';
import { renameModel } from '../origin/rename-model.ts';
import { toNeeds } from '../origin/to-job.ts';
import { chooseTier, type TierDecision } from './choose-tier.ts';

export async function resolveModel(
  request: GenerationRequest,
  ports: Pick<Ports, 'tokenizer' | 'board' | 'clock'>,
  { aliases, origin: { breaker } }: Pick<Settings, 'aliases' | 'origin'>,
  recorder: Pick<Recorder, 'set' | 'stage'>,
): Promise<Result<GenerationRequest, Extract<Problem, { kind: 'forbidden' }>>> {
  const { tenant, model: name } = request;
  const origins = ports.board.origins();
  const alias = findAlias(aliases, origins, name);
  const isAllowed = mayUseModel(tenant, name);
  const may = (model: string): boolean => isAllowed || mayUseModel(tenant, model);
  if (alias === null || alias.kind === 'model') {
    const model = alias?.model ?? name;
    if (!may(model)) {
      return fail(forbidden(name));
    }
    return succeed(alias === null ? request : rename(model));
  }
  const [first, ...others] = (['small', 'large'] as const).filter((tier) => may(alias[tier]));
  if (first === undefined) {
    return fail(forbidden(name));
  }
  const { tier } = await recorder.stage(
    'tier',
    () => chooseTier(request, alias, narrow([first, ...others], request, alias, ports, breaker), ports),
    (decision) => toNote(decision, alias),
  );
  return succeed(rename(alias[tier]));

  function rename(model: string): GenerationRequest {
    recorder.set({ model, alias: name });
    return renameModel(request, model);
  }
}

/** Those of which an origin may and can answer such a request now; all of them where none is. */
function narrow(
  tiers: readonly [Tier, ...Tier[]],
  request: GenerationRequest,
  alias: TierAlias,
  { board, clock }: Pick<Ports, 'board' | 'clock'>,
  breaker: Settings['origin']['breaker'],
): readonly [Tier, ...Tier[]] {
  const needs = toNeeds(request);
  const [first, ...others] = tiers.filter((tier) => {
    const { kept, doubtful } = filter(
      board.origins(),
      { ...needs, model: alias[tier] },
      board.views(),
      clock.now(),
      breaker,
    );
    return kept.length + doubtful.length > 0;
  });
  return first === undefined ? tiers : [first, ...others];
}

/** Clients see the decision, in `server-timing`. */
function toNote({ tier, score, why }: TierDecision, { name }: TierAlias): StageNote {
  return { decision: score === null ? tier : `${tier} ${score.toFixed(3)}`, detail: `${name}, ${why}` };
}
