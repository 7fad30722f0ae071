/** Words of time. Within a group one may stand in another's place. */
import { toList } from './words.ts';

export const MONTHS = toList(
  'January, February, March, April, May, June, July, August, September, October, November, December',
);

export const DATE_GROUPS: readonly (readonly string[])[] = [
  MONTHS,
  toList('Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday'),
  toList('yesterday, today, tomorrow, the day after tomorrow, the day before yesterday'),
  toList('morning, afternoon, evening, night, noon, midnight'),
  toList('spring, summer, autumn, winter'),
  toList('last year, this year, next year, two years ago'),
  toList('last month, this month, next month'),
  toList('last week, this week, next week, in two weeks'),
  toList('Christmas, Easter, Thanksgiving, Halloween, Diwali, Ramadan, New Year'),
  toList('daily, weekly, monthly, yearly, hourly'),
];
