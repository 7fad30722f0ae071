/** Words without content of their own: articles, auxiliaries, pronouns, prepositions, question words and what follows "how", politeness. */

const EMPTY = new Set(
  `a an the is are was were be been being am do does did done has have had having can could will would shall should may might must i you he she it we they me him her us them my your his its our their
  of in on at for with as and or vs versus to into from than before after over by against that this these those there here what which who whom whose when where why how if then so but not no never without cannot
  cant dont doesnt didnt isnt arent wasnt werent wont wouldnt shouldnt couldnt hasnt havent hadnt between get got please whats hows whos im ive id youre were thats its just also any some anyone someone
  hi hello hey thanks thank tell know like about up out really ever exactly u r s t wonder wondering curious cheers excuse sorry dear ok okay quick much many often far old tall long`.split(
    /\s+/,
  ),
);

export function isContent(word: string): boolean {
  return !EMPTY.has(word);
}
