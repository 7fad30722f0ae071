/** Reads lexicons: entries apart by commas or lines, members of one entry by slashes. */

export function toList(text: string): string[] {
  return text
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** `big/large, buy/purchase/get`. */
export function toGroups(text: string): string[][] {
  return toList(text).map((entry) => entry.split('/').map((member) => member.trim()));
}

/** One entry a line. */
export function toLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
