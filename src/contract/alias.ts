/** Names that a client may ask for in a model's place. */

/** As an operator sets it. */
export type AliasRule = ModelAlias | TierRule;

export interface ModelAlias {
  kind: 'model';
  name: string;
  model: string;
}

export interface TierRule {
  kind: 'tiers';
  name: string;
  /** Null for the cheapest model of the tier. */
  small: string | null;
  large: string | null;
  /** The share of the large model's right answers to keep, 0 to 1. */
  quality: number;
}

/** What a rule comes to with the catalogue in force. */
export type Alias = ModelAlias | TierAlias;

export interface TierAlias extends TierRule {
  small: string;
  large: string;
}
