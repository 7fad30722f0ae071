/** The answers that a question offers, one a line: `A. …`, `(b) …`, `1) …`. Pure. */

interface Choices {
  /** The text without the lines of its choices, and without a last line that asks for the answer. */
  stem: string;
  /** The last nine of SIGNS; zeros where fewer than two choices are offered. */
  signs: readonly number[];
}

/** More are not compared with one another. */
const MAX_CHOICES = 10;
const SHORT_UNITS = 12;

const CHOICE = /^\s{0,8}\(?[A-Ja-j1-9][.):]\s+(.*)$/;
const ANSWER_LINE = /\n(?:answer|solution):\s{0,8}$/i;
const ALL_OF_THEM = /\b(?:all|none|both|neither) (?:of|I|A)\b/i;
const VERDICT = /^(?:yes|no|true|false|not wrong|wrong)\b/i;

export function readChoices(text: string): Choices {
  const lines = text.replace(ANSWER_LINE, '').split('\n');
  const choices: string[] = [];
  const rest: string[] = [];
  for (const line of lines) {
    const choice = CHOICE.exec(line)?.[1];
    if (choice === undefined) {
      rest.push(line);
    } else {
      choices.push(choice);
    }
  }
  const stem = rest.join('\n');
  return { stem, signs: choices.length < 2 ? Array.from({ length: 9 }, () => 0) : [1, ...signsOf(choices, stem)] };
}

function signsOf(choices: readonly string[], stem: string): number[] {
  const lengths = choices.map(({ length }) => length);
  const average = mean(lengths);
  const words = choices.slice(0, MAX_CHOICES).map(wordsOf);
  const alike = words.flatMap((a, i) => words.slice(0, i).map((b) => shared(a, b) / Math.max(1, union(a, b))));
  const asked = wordsOf(stem);
  const share = (holds: (choice: string) => boolean): number => mean(choices.map((choice) => Number(holds(choice))));
  return [
    Math.log1p(average),
    Math.sqrt(mean(lengths.map((length) => (length - average) ** 2))) / (1 + average),
    share((choice) => /\d/.test(choice) && !/[A-Za-z]/.test(choice)),
    mean(alike),
    mean(words.map((one) => shared(one, asked) / Math.max(1, one.size))),
    mean(lengths.map((length) => Number(length <= SHORT_UNITS))),
    Number(ALL_OF_THEM.test(choices.join(' '))),
    share((choice) => VERDICT.test(choice)),
  ];
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []);
}

function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let count = 0;
  for (const word of a) {
    count += Number(b.has(word));
  }
  return count;
}

function union(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return a.size + b.size - shared(a, b);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
