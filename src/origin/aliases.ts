/**
 * What aliases stand for, by the catalogue in force. Pure. A served model goes before an alias of its name, and an alias that wants a
 * model of a tier that nobody serves is not there.
 */
import type { Alias, AliasRule, TierRule } from '../contract/alias.ts';
import type { Origin, Tier } from '../contract/origin.ts';
import { serves } from './catalogue.ts';

export const DEFAULT_QUALITY = 0.95;

/** There without being set, and can be set otherwise. */
const AUTO: TierRule = { kind: 'tiers', name: 'auto', small: null, large: null, quality: DEFAULT_QUALITY };

/** Null where the name is no alias. */
export function findAlias(rules: readonly AliasRule[], origins: readonly Origin[], name: string): Alias | null {
  const rule = withAuto(rules).find((one) => one.name === name);
  return rule === undefined ? null : toAlias(rule, origins);
}

export function listAliases(rules: readonly AliasRule[], origins: readonly Origin[]): Alias[] {
  return withAuto(rules).flatMap((rule) => toAlias(rule, origins) ?? []);
}

/** By the price of a token in and one out, wherever that is least; of equal ones the first. Null where there is none. */
export function cheapestOf(tier: Tier, origins: readonly Origin[]): string | null {
  let best: { id: string; price: number } | null = null;
  for (const { protocol, models } of origins) {
    for (const { id, inputPrice, outputPrice, ...model } of protocol === 'kserve' ? [] : models) {
      const price = inputPrice + outputPrice;
      if (model.tier === tier && (best === null || price < best.price)) {
        best = { id, price };
      }
    }
  }
  return best?.id ?? null;
}

function withAuto(rules: readonly AliasRule[]): readonly AliasRule[] {
  return rules.some(({ name }) => name === AUTO.name) ? rules : [...rules, AUTO];
}

function toAlias(rule: AliasRule, origins: readonly Origin[]): Alias | null {
  if (serves(origins, rule.name)) {
    return null;
  }
  if (rule.kind === 'model') {
    return rule;
  }
  const small = rule.small ?? cheapestOf('small', origins);
  const large = rule.large ?? cheapestOf('large', origins);
  return small === null || large === null || small === large ? null : { ...rule, small, large };
}
