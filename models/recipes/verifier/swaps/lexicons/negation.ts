/** Words and what they are with a prefix that denies. */
import { toGroups } from './words.ts';

export const PREFIXED: readonly (readonly string[])[] =
  toGroups(`safe/unsafe, legal/illegal, possible/impossible, healthy/unhealthy, happy/unhappy,
  known/unknown, usual/unusual, common/uncommon, able/unable, fair/unfair, certain/uncertain, limited/unlimited, expected/unexpected,
  employed/unemployed, paid/unpaid, married/unmarried, conscious/unconscious, reliable/unreliable, stable/unstable, official/unofficial,
  successful/unsuccessful, comfortable/uncomfortable, necessary/unnecessary, available/unavailable, verified/unverified, used/unused,
  finished/unfinished, signed/unsigned, secured/unsecured, locked/unlocked, educated/uneducated, ethical/unethical, natural/unnatural,
  important/unimportant, popular/unpopular, likely/unlikely, lucky/unlucky, familiar/unfamiliar, professional/unprofessional,
  moral/immoral, mature/immature, mortal/immortal, patient/impatient, polite/impolite, perfect/imperfect, probable/improbable, proper/improper,
  correct/incorrect, complete/incomplete, direct/indirect, active/inactive, visible/invisible, valid/invalid, secure/insecure,
  sane/insane, accurate/inaccurate, adequate/inadequate, capable/incapable, compatible/incompatible, dependent/independent, effective/ineffective,
  efficient/inefficient, expensive/inexpensive, formal/informal, organic/inorganic, sensitive/insensitive, sufficient/insufficient,
  voluntary/involuntary, finite/infinite, logical/illogical, literate/illiterate, legitimate/illegitimate, rational/irrational,
  regular/irregular, relevant/irrelevant, responsible/irresponsible, reversible/irreversible, resistible/irresistible,
  approve/disapprove, agree/disagree, appear/disappear, obey/disobey, trust/distrust, honest/dishonest, similar/dissimilar,
  vegetarian/non-vegetarian, fiction/non-fiction, smoker/non-smoker, profit/non-profit, resident/non-resident, toxic/non-toxic,
  stick/non-stick, refundable/non-refundable, renewable/non-renewable, violent/non-violent, verbal/non-verbal, stop/non-stop,
  understand/misunderstand, spell/misspell, wireless/wired, harmful/harmless, useful/useless, painful/painless, hopeful/hopeless,
  meaningful/meaningless, careful/careless, fearful/fearless, powerful/powerless, married/never married, waterproof/not waterproof`);
