/** What a template's slots are filled with. */
import type { Draw } from '../draw.ts';
import { DATE_GROUPS, MONTHS } from './dates.ts';
import { NAMES } from './names.ts';
import { CURRENCIES, UNITS } from './units.ts';
import { toList } from './words.ts';

const [LENGTH = [], MASS = [], VOLUME = []] = UNITS.map((dimension) => dimension.map(([first = '']) => first));
const DIGITS = 10;

export const SLOTS: Readonly<Record<string, readonly string[] | ((draw: Draw) => string)>> = {
  ...NAMES,
  currency: CURRENCIES.map(([code = '']) => code),
  money: CURRENCIES.map(([, name = '']) => name),
  length: LENGTH,
  mass: MASS,
  volume: VOLUME,
  month: MONTHS,
  weekday: DATE_GROUPS[1] ?? [],
  n: (draw) =>
    String(
      draw.one([2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 60, 75, 80, 100, 120, 150, 200, 250, 500, 750]),
    ),
  big: (draw) => (1000 * (1 + Math.floor(draw.random() * 90))).toLocaleString('en-GB'),
  id: (draw) => Array.from({ length: 5 }, () => Math.floor(1 + draw.random() * (DIGITS - 1))).join(''),
  year: (draw) => String(1850 + Math.floor(draw.random() * 175)),
  day: (draw) => String(1 + Math.floor(draw.random() * 28)),
  time: (draw) =>
    `${1 + Math.floor(draw.random() * 12)}:${draw.one(['00', '15', '30', '45'])} ${draw.one(['am', 'pm'])}`,
  amount: (draw) => `${draw.one(['$', '€', '£'])}${10 * (1 + Math.floor(draw.random() * 90))}`,
  act: toList(`travel abroad, learn to swim, open a savings account, cancel my subscription, change my password, renew my passport,
    apply for a visa, file a tax return, rent a flat, start a company, write a will, sell my car, book a table, return an item,
    lose weight, quit smoking, learn guitar, get a driving licence, report a stolen card, transfer money, reset the router, back up my files,
    delete an account, upgrade my plan, join a gym, adopt a pet, dispute a charge, freeze my card, update my address, track a parcel`),
  phrase:
    toList(`carpe diem, break a leg, the early bird, time flies, raining cats and dogs, a piece of cake, under the weather, spill the beans,
    hit the road, once in a blue moon, burn the midnight oil, bite the bullet, costs an arm and a leg, cut corners, let it be, hello world,
    good morning, see you later, thank you very much, I am hungry, where is the station, access denied, file not found, permission denied,
    connection refused, out of memory, invalid token, syntax error, stack overflow, null pointer, division by zero, segmentation fault`),
  title:
    toList(`The Great Gatsby, Hamlet, War and Peace, Moby Dick, The Hobbit, Dracula, Emma, Ulysses, The Odyssey, Macbeth, Inception, Titanic,
    The Matrix, Casablanca, Frozen, Avatar, Jaws, Psycho, Gladiator, Parasite, Imagine, Yesterday, Thriller, Hallelujah, Let It Go`),
  snippet:
    toList(`git reset, git revert, git rebase, git merge, npm install, npm update, rm -rf, chmod 755, ls -la, grep -r, x += 1, x -= 1, a && b, a || b,
    i++, ++i, SELECT *, DROP TABLE, INNER JOIN, LEFT JOIN, print(x), len(x), sorted(x), list.append, list.extend, map.get, map.set, useState, useEffect,
    docker run, docker exec, kubectl get, kubectl apply, let x, var x, const x, async def, yield from, lambda x: x, str(5), int("5")`),
};
