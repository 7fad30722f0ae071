/** The language of a question, by its script and its commonest words. Where that says nothing, there is no finding. Pure. */
import { NOTHING, type Finding } from './finding.ts';
import type { Comparison, Reading } from './reading.ts';

const COMMON: readonly (readonly [string, string])[] = [
  [
    'en',
    'the is are was what how why who when where which do does did can i you my in of and to a an for with not it that this have should as your whats best about or at on be by from but if will would any some me there they he she their get no',
  ],
  [
    'de',
    'der die das ist sind war was wie warum wer wann wo welche welcher ich du mein nicht und zu ein eine einen mit von für auf kann mir den dem im über wird',
  ],
  [
    'fr',
    'le la les est sont était que quoi comment pourquoi qui quand où quel quelle je tu mon ma ne pas et un une des du pour avec de sur dans puis ce cette quest l d',
  ],
  [
    'es',
    'el la los las es son era qué que cómo por quién cuándo dónde cuál yo tú mi no y un una unos para con de sobre en puedo se del al cuánto algo',
  ],
  [
    'it',
    'il lo la gli le è sono era che cosa come perché chi quando dove quale io tu mio non e un una per con di su nel posso del della cosè quanto qualcosa sul',
  ],
  [
    'pt',
    'o a os as é são era que como porque quem quando onde qual eu você meu não e um uma para com de sobre em posso do da dos quanto algo por',
  ],
  [
    'nl',
    'de het een is zijn was wat hoe waarom wie wanneer waar welke ik jij mijn niet en te met van voor op kan dat deze over',
  ],
];
const LANGUAGES = new Map<string, string[]>();
for (const [language, words] of COMMON) {
  for (const word of words.split(' ')) {
    LANGUAGES.set(word, [...(LANGUAGES.get(word) ?? []), language]);
  }
}
const SCRIPTS: readonly (readonly [string, RegExp])[] = [
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ['zh', /\p{Script=Han}/u],
  ['ko', /\p{Script=Hangul}/u],
  ['ru', /\p{Script=Cyrillic}/u],
  ['el', /\p{Script=Greek}/u],
  ['ar', /\p{Script=Arabic}/u],
  ['he', /\p{Script=Hebrew}/u],
  ['hi', /\p{Script=Devanagari}/u],
  ['ta', /\p{Script=Tamil}/u],
  ['te', /\p{Script=Telugu}/u],
  ['bn', /\p{Script=Bengali}/u],
  ['th', /\p{Script=Thai}/u],
];
/** A script is a language's where it has this share of the words; else a foreign word is only named. */
const SCRIPT_SHARE = 0.5;
/** Letters and signs that vote for their languages. */
const MARKS: readonly (readonly [string, RegExp])[] = [
  ['de', /[äöüß]/i],
  ['fr', /[éèêàçùœ]|\b[ldjcmnsq]['’]\p{L}|\bqu['’]/iu],
  ['es', /[¿¡ñáíóú]/i],
  ['it', /[èàòù]|\b(?:l|un|d|dell|all|nell|c)['’]\p{L}/iu],
  ['pt', /[ãõçáâêó]/i],
];
/** Fewer votes say nothing for a language other than English: its short words are also words or names of others. */
const MIN_VOTES = 2;

export function findLanguage({ asked, answered }: Comparison): Finding {
  const [one, other] = [languageOf(asked), languageOf(answered)];
  return one === null || other === null || one === other ? NOTHING : { conflicts: 1, hints: 0 };
}

/** A two-letter code; null where no language leads. */
function languageOf(reading: Reading): string | null {
  const words = reading.sequence;
  for (const [language, pattern] of SCRIPTS) {
    if (words.length > 0 && words.filter(({ text }) => pattern.test(text)).length / words.length >= SCRIPT_SHARE) {
      return language;
    }
  }
  const votes = new Map<string, number>();
  const vote = (language: string): unknown => votes.set(language, (votes.get(language) ?? 0) + 1);
  for (const { text } of words) {
    LANGUAGES.get(text)?.forEach(vote);
  }
  if (ACCENT.test(reading.text)) {
    MARKS.filter(([, pattern]) => pattern.test(reading.text)).forEach(([language]) => vote(language));
  }
  const [first, second] = [...votes].toSorted(([, a], [, b]) => b - a);
  const isClear = first !== undefined && first[1] > (second?.[1] ?? 0);
  return isClear && (first[0] === 'en' || first[1] >= MIN_VOTES) ? first[0] : null;
}

const ACCENT = /[¿¡À-ÿœ'’]/;
