/**
 * Pairs of opposites, by field; those that differ by a prefix alone ("safe", "unsafe") are the negation guard's, but for verbs. Members of one side are apart by `|`, the sides by `/`. A word may be in several pairs.
 * Inflected forms are led back to these by `toBase`, comparatives and superlatives too.
 */

const AMOUNT = `increase|raise|boost|rise|grow/decrease|reduce|lower|cut|shrink|fall|drop, gain/lose|shed, upgrade/downgrade, maximum|max|maximize|maximise/minimum|min|minimize|minimise,
  more/less|fewer, most/least, cheap|inexpensive|affordable/expensive|costly, big|large|huge/small|tiny|little, long/short, tall/short, high/low, highest/lowest, many/few, rich|wealthy/poor,
  wide|broad/narrow, thick/thin, deep/shallow, heavy/light, full/empty, fill/empty, multiply/divide, add|insert|append/remove|delete|subtract|erase, addition/subtraction, multiplication/division,
  plus/minus, positive/negative, even/odd, profit|gain/loss, surplus/deficit, majority/minority, major/minor, numerator/denominator, inflation/deflation, expand/contract|collapse, above/below,
  upper/lower, ceiling/floor, ascending/descending, ascend/descend, whole/partial, single/multiple, singular/plural, double/single, strong/weak, strength/weakness`;

const QUALITY = `good/bad, best/worst, better/worse, advantage|benefit|pro|upside|merit/disadvantage|drawback|con|downside|demerit|risk, safe/dangerous|risky, healthy/sick, easy|simple/difficult|hard|complex|complicated,
  fast|quick/slow, new/old, young/old, early/late, hot|warm/cold|cool, hottest/coldest, wet/dry, dark/bright, clean/dirty, soft/hard, loud/quiet, sweet/bitter|sour, raw/cooked, fresh/stale, sharp/blunt, smooth/rough,
  tight/loose, real|genuine/fake, true/false, right/wrong, correct/wrong, natural/artificial|synthetic, public/private, internal/external,
  mandatory|compulsory|required/optional, permanent/temporary, visible/hidden, happy/sad, smart|intelligent|clever/stupid|dumb, beautiful|pretty/ugly, lazy/hardworking, brave/cowardly, polite/rude,
  generous/greedy|stingy, introvert|introverted/extrovert|extroverted, optimist|optimistic/pessimist|pessimistic, liberal/conservative, democrat/republican, guilty/innocent, ancient/modern,
  domestic/foreign|international, urban/rural, indoor/outdoor, online/offline, manual/automatic, analog|analogue/digital, static/dynamic, mutable/immutable, synchronous/asynchronous, serial/parallel,
  vertical/horizontal, acid|acidic/alkaline|basic, solid/liquid, active/passive, common/rare,
  success/failure, strict/lenient, thin|skinny|slim/fat, alive/dead, awake/asleep, married/single|divorced, virtual/physical, senior/junior, wholesale/retail, taxable/exempt`;

const ACTION = `open/close|shut, start|begin|launch/stop|end|finish|quit, buy|purchase/sell, import/export, lend/borrow, deposit/withdraw, send/receive, win/lose, love/hate, accept|approve/reject|decline|refuse, allow|permit/forbid|ban|prohibit,
  enable/disable, activate/deactivate, install/uninstall, connect/disconnect, lock/unlock, attach/detach, encrypt/decrypt, encode/decode, compress/decompress|extract, zip/unzip, pack/unpack, wrap/unwrap, upload/download, login/logout, block/unblock,
  follow/unfollow, subscribe/unsubscribe, mute/unmute, hide/show|reveal|unhide, create|build|make/destroy|demolish|delete, push/pull, push/pop, hire|employ/fire|dismiss, arrive|arrival/depart|leave|departure, enter/exit|leave, join/leave|quit, freeze/melt|thaw|unfreeze,
  heat|warm/cool|chill, inhale/exhale, remember/forget, pass/fail, attack/defend, marry/divorce, laugh/cry, merge/split, commit/rollback, lift/lower, tighten/loosen, speed/slow, wake/sleep, sharpen/blur, print/scan, publish/unpublish, archive/unarchive,
  pin/unpin, tag/untag, mount/unmount, load/unload, plug/unplug, dress/undress, fold/unfold, tie/untie, friend/unfriend, like/dislike, trust/distrust, agree/disagree, appear/disappear|vanish, approve/disapprove, obey/disobey, arm/disarm, charge/discharge, infect/disinfect,
  assemble/disassemble, inflate/deflate, stretch/shrink, save/spend, earn/spend, earn/lose, give/take|receive, teach/learn, speak/listen, throw/catch, float/sink, turn on/turn off, switch on/switch off, log in/log out, sign in/sign out, check in/check out,
  zoom in/zoom out, opt in/opt out, speed up/slow down, put on/take off, pick up/drop off, scroll up/scroll down, top up/withdraw, ban/unban, archive/restore, backup/restore, include|including/exclude|excluding, prove/disprove|refute, praise/criticise|criticize, cure/cause, debug/compile`;

const PLACE_AND_TIME = `before/after, prior/after|following, left/right, top/bottom, front/back|rear, inside/outside, in/out, up/down, forward|forwards/backward|backwards, north/south, northern/southern, east/west, eastern/western, northeast/southwest, northwest/southeast,
  clockwise/counterclockwise|anticlockwise, inbound/outbound, import/export, inner/outer, interior/exterior, first/last, beginning|start/end, oldest/newest, earliest/latest, sunrise|dawn/sunset|dusk, day/night, am/pm, past/future, ancestor/descendant, predecessor/successor, always/never,
  prefix/suffix, head/tail, upstream/downstream, uphill/downhill, upstairs/downstairs, near|nearest|closest/far|farthest|furthest, arrival/departure, source/destination, origin/destination, import/export, input/output, offshore/onshore, overweight/underweight`;

const PEOPLE = `male|man|men|gentleman|gentlemen|guy/female|woman|women|lady|ladies|girl, boy|son/girl|daughter, husband/wife, father|dad/mother|mom|mum, brother/sister, king/queen, prince/princess, boyfriend/girlfriend, groom/bride, uncle/aunt, nephew/niece, grandfather/grandmother, actor/actress,
  parent/child|children, adult|grownup/child|children|kid, teacher|professor/student|pupil, doctor/patient, landlord/tenant, employer/employee, boss/subordinate, seller|vendor/buyer|customer, sender/recipient|receiver, winner/loser, hero/villain, friend/enemy, plaintiff/defendant, predator/prey, master/slave, host/guest, client/server,
  herbivore/carnivore, vegetarian|vegan/carnivore, victim/attacker, debtor/creditor, lender/borrower, bull/bear, amateur/professional, beginner/expert, novice/expert, citizen/foreigner, native/foreign, theist/atheist, heterosexual|straight/homosexual|gay`;

const THINGS = `debit/credit, asset/liability, income|revenue/expense|expenditure, supply/demand, cause/effect, theory/practice, war/peace, life|birth/death, heaven/hell, god/devil, victory/defeat, wealth/poverty, proton/electron, anode/cathode, artery/vein, frontend/backend, prime/composite,
  compiler/interpreter, hardware/software, encoder/decoder, parallel/perpendicular, sine/cosine, mean/median, integral|integrate/derivative|differentiate, squared/cubed, square/cube, convex/concave, endothermic/exothermic, oxidation/reduction, mitosis/meiosis, dna/rna, virus/bacteria, type 1/type 2,
  hypertension/hypotension, hyperglycemia/hypoglycemia, hyperthyroidism/hypothyroidism, microscopic/macroscopic, micro/macro, microeconomics/macroeconomics, lhs/rhs, uppercase/lowercase, capital/lowercase, breakfast/dinner, sunny/rainy, primary/secondary, prosecution/defence|defense`;

export const OPPOSITES: ReadonlyMap<string, readonly string[]> = toOpposites(
  [AMOUNT, QUALITY, ACTION, PLACE_AND_TIME, PEOPLE, THINGS].join(','),
);

const IRREGULAR = new Map(
  'bought/buy sold/sell won/win lost/lose losing/lose began/begin begun/begin sent/send lent/lend left/left fell/fall fallen/fall rose/rise risen/rise grew/grow grown/grow built/build made/make gave/give given/give took/take taken/take spent/spend taught/teach learnt/learn caught/catch froze/freeze frozen/freeze forgot/forget forgotten/forget wives/wife lives/life ladies/lady shrank/shrink shrunk/shrink woke/wake slept/sleep told/tell cutting/cut'
    .split(' ')
    .map((pair): [string, string] => [pair.split('/')[0] ?? '', pair.split('/')[1] ?? '']),
);
const ENDINGS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/ies$/, ['y']],
  [/ied$/, ['y']],
  [/iest$|ier$/, ['y']],
  [/(?:es|ed|er|est|ing)$/, ['', 'e']],
  [/s$/, ['']],
  [/ly$/, ['']],
];
const DOUBLED = /([bdfglmnprt])\1$/;

/** The form that the lexicon has of a word; null where it has none. */
export function toBase(word: string): string | null {
  const known = IRREGULAR.get(word) ?? word;
  if (OPPOSITES.has(known)) {
    return known;
  }
  for (const [ending, replacements] of ENDINGS) {
    if (ending.test(word)) {
      const stem = word.replace(ending, '');
      const base = [...replacements.map((end) => stem + end), stem.replace(DOUBLED, '$1')].find(
        (form) => form.length > 2 && OPPOSITES.has(form),
      );
      if (base !== undefined) {
        return base;
      }
    }
  }
  return null;
}

function toOpposites(text: string): Map<string, string[]> {
  const opposites = new Map<string, string[]>();
  for (const pair of text.split(',')) {
    const [one = [], other = []] = pair
      .trim()
      .split('/')
      .map((side) => side.split('|'));
    for (const [words, facing] of [
      [one, other],
      [other, one],
    ] as const) {
      for (const word of words) {
        opposites.set(word, [...(opposites.get(word) ?? []), ...facing]);
      }
    }
  }
  return opposites;
}
