/** What the caller of `npm run model:add` can mend, told in one line. */
export class AddError extends Error {}
