/**
 * A request for text, read from the JSON of /v1/chat/completions or /v1/completions into one shape. Pure. Fields that
 * change nothing here (temperature and the like) are not looked at.
 */
import type { Json, JsonObject } from './json.ts';
import { isJsonObject } from './json.ts';
import type { Problem } from './problem.ts';
import { badRequest, missingParameter, wrongType } from './problem.ts';
import type { Prompt } from './prompt.ts';
import { toChatPrompt, toCompletionPrompts } from './prompt.ts';

export interface GenerationRequest {
  route: 'chat' | 'completion';
  model: string;
  prompts: Prompt[];
  /** OpenAI's `n`. */
  choicesPerPrompt: number;
  /** Null: the request sets no limit. */
  maxTokens: number | null;
  stop: string[];
  isStream: boolean;
  includesUsage: boolean;
  form: Form;
}

/** What the answer has to be: free text, JSON (by a schema, where there is one), or a call of a tool. */
export type Form =
  | { kind: 'text' }
  | { kind: 'json'; schema: JsonObject | null }
  | { kind: 'tool'; name: string; schema: JsonObject | null };

export type Parsed<T> = { ok: true; value: T } | { ok: false; problem: Problem };

/** The answer is composed before it is sent, so its length needs a bound. */
const MAX_OUTPUT_TOKENS = 1_000_000;
const MAX_CHOICES = 128;

export function parseGeneration(body: JsonObject, route: 'chat' | 'completion'): Parsed<GenerationRequest> {
  if (typeof body['model'] !== 'string') {
    return fail(missingParameter('model'));
  }
  const prompts = route === 'chat' ? toChatPrompt(body) : toCompletionPrompts(body);
  if (!prompts.ok) {
    return prompts;
  }
  const limitName = body['max_completion_tokens'] == null ? 'max_tokens' : 'max_completion_tokens';
  const maxTokens = readInteger(body, limitName, MAX_OUTPUT_TOKENS);
  if (!maxTokens.ok) {
    return maxTokens;
  }
  const choices = readInteger(body, 'n', MAX_CHOICES);
  if (!choices.ok) {
    return choices;
  }
  const stop = readStop(body['stop']);
  if (stop === null) {
    return fail(wrongType('stop', 'a string or an array of strings'));
  }
  const form = route === 'chat' ? readForm(body) : { ok: true as const, value: { kind: 'text' as const } };
  if (!form.ok) {
    return form;
  }
  const streamOptions = body['stream_options'];
  return {
    ok: true,
    value: {
      route,
      model: body['model'],
      prompts: prompts.value,
      choicesPerPrompt: choices.value ?? 1,
      maxTokens: maxTokens.value,
      stop,
      isStream: body['stream'] === true,
      includesUsage: isJsonObject(streamOptions) && streamOptions['include_usage'] === true,
      form: form.value,
    },
  };
}

function readInteger(body: JsonObject, name: string, max: number): Parsed<number | null> {
  const value = body[name] ?? null;
  if (value === null) {
    return { ok: true, value };
  }
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) {
    return { ok: true, value };
  }
  const message = `Invalid value for '${name}': expected an integer from 1 to ${max}, received ${JSON.stringify(value)}.`;
  return fail(badRequest(message, name, 'invalid_value'));
}

function readStop(value: Json | undefined): string[] | null {
  const stop = Array.isArray(value) ? value : value == null ? [] : [value];
  return stop.every((entry) => typeof entry === 'string') ? stop.filter((entry) => entry !== '') : null;
}

/** A forced tool call comes before a response format. With `tool_choice: 'auto'` the simulator answers in text. */
function readForm(body: JsonObject): Parsed<Form> {
  const { tools, tool_choice: choice, response_format: format } = body;
  if (choice === 'required' || isJsonObject(choice)) {
    return readToolForm(Array.isArray(tools) ? tools : [], choice);
  }
  if (!isJsonObject(format) || format['type'] === 'text') {
    return { ok: true, value: { kind: 'text' } };
  }
  if (format['type'] === 'json_object') {
    return { ok: true, value: { kind: 'json', schema: null } };
  }
  const { json_schema: wrapper } = format;
  if (format['type'] === 'json_schema' && isJsonObject(wrapper)) {
    const schema = wrapper['schema'];
    return { ok: true, value: { kind: 'json', schema: isJsonObject(schema) ? schema : null } };
  }
  const message = "Invalid 'response_format': expected type text, json_object, or json_schema with a json_schema.";
  return fail(badRequest(message, 'response_format', 'invalid_value'));
}

function readToolForm(tools: Json[], choice: 'required' | JsonObject): Parsed<Form> {
  const functions = tools.map((tool) => (isJsonObject(tool) ? tool['function'] : null)).filter(isJsonObject);
  const wanted =
    choice === 'required' ? null : isJsonObject(choice['function']) ? choice['function']['name'] : undefined;
  const found = wanted === null ? functions[0] : functions.find(({ name }) => name === wanted);
  if (found === undefined || typeof found['name'] !== 'string') {
    const message =
      wanted === null
        ? "Invalid value for 'tool_choice': 'required' needs at least one function in 'tools'."
        : `Invalid value for 'tool_choice': no function ${JSON.stringify(wanted ?? null)} in 'tools'.`;
    return fail(badRequest(message, 'tool_choice', 'invalid_value'));
  }
  const schema = found['parameters'];
  return { ok: true, value: { kind: 'tool', name: found['name'], schema: isJsonObject(schema) ? schema : null } };
}

function fail(problem: Problem): { ok: false; problem: Problem } {
  return { ok: false, problem };
}
