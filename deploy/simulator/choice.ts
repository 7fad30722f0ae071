/** What will be answered, composed before the first token leaves: the choices, in tokens. Pure: seed and request decide. */
import type { GenerationRequest } from './generation-request.ts';
import type { Prompt } from './prompt.ts';
import { createRandom, hashText } from './random.ts';
import { toSample } from './sample.ts';
import { compose, toOpening } from './text.ts';
import { splitTokens } from './tokens.ts';

export interface Choice {
  index: number;
  tokens: string[];
  finishReason: 'stop' | 'length' | 'tool_calls';
  /** The tool that is called with the tokens as its arguments. */
  tool: string | null;
}

export interface Voice {
  region: string;
  seed: number;
  defaultOutputTokens: number;
}

export function composeChoices(request: GenerationRequest, voice: Voice): Choice[] {
  const choices: Choice[] = [];
  for (const prompt of request.prompts) {
    for (let nth = 0; nth < request.choicesPerPrompt; nth++) {
      choices.push(composeChoice(request, prompt, voice, nth, choices.length));
    }
  }
  return choices;
}

function composeChoice(request: GenerationRequest, prompt: Prompt, voice: Voice, nth: number, index: number): Choice {
  const { form, maxTokens } = request;
  const opening = toOpening(voice.region, prompt.question);
  if (form.kind === 'text') {
    const random = createRandom(hashText(prompt.text, voice.seed + nth));
    const { tokens, isCut } = compose(opening, maxTokens ?? voice.defaultOutputTokens, random);
    return endAtStop(
      { index, tokens, finishReason: isCut && maxTokens !== null ? 'length' : 'stop', tool: null },
      request.stop,
    );
  }
  const sample =
    form.schema === null ? (form.kind === 'json' ? { answer: opening } : {}) : toSample(form.schema, opening);
  const tokens = splitTokens(JSON.stringify(sample));
  const isCut = maxTokens !== null && tokens.length > maxTokens;
  const tool = form.kind === 'tool' ? form.name : null;
  const finishReason = isCut ? 'length' : tool === null ? 'stop' : 'tool_calls';
  const choice: Choice = { index, tokens: isCut ? tokens.slice(0, maxTokens) : tokens, finishReason, tool };
  return tool === null ? endAtStop(choice, request.stop) : choice;
}

/** As OpenAI does, the stop sequence itself is left out. */
function endAtStop(choice: Choice, stop: string[]): Choice {
  if (stop.length === 0) {
    return choice;
  }
  const text = choice.tokens.join('');
  const places = stop.map((sequence) => text.indexOf(sequence)).filter((place) => place !== -1);
  if (places.length === 0) {
    return choice;
  }
  return { ...choice, tokens: splitTokens(text.slice(0, Math.min(...places))), finishReason: 'stop' };
}
