/** From a request to what routing asks of it: what it needs of an origin, what it will cost there, and what it sticks by. Pure. */
import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import type { Modality } from '../contract/origin.ts';
import type { GenerationRequest } from '../contract/request.ts';
import { estimatePromptTokens } from './estimate-tokens.ts';
import type { Needs } from './filter.ts';
import type { Key } from './pick.ts';
import { toPrefix, type Prefix } from './prefix.ts';

export interface GenerationJob {
  promptTokens: number;
  /** Bound by the request, else what is usual. */
  answerTokens: number;
  prefix: Prefix;
  key: Key | null;
}

const USUAL_ANSWER_TOKENS = 200;

/** Of the estimate: text of long words has fewer tokens than four bytes each. */
const SURE_SHARE = 0.75;

export function toJob({
  body,
  tenant,
  controls,
}: Pick<GenerationRequest, 'body' | 'tenant' | 'controls'>): GenerationJob {
  const prefix = toPrefix(body, tenant.id);
  return {
    promptTokens: estimatePromptTokens(body),
    answerTokens: boundOf(body) ?? USUAL_ANSWER_TOKENS,
    prefix,
    key: toKey(body, tenant.id, controls.session, prefix),
  };
}

/** `promptTokens`: where they have been estimated already, for a long prompt takes a while. */
export function toNeeds(
  { kind, model, body, tenant, controls }: Pick<GenerationRequest, 'kind' | 'model' | 'body' | 'tenant' | 'controls'>,
  promptTokens = estimatePromptTokens(body),
): Needs {
  return {
    model,
    protocols: kind === 'chat' ? ['openai', 'workers-ai'] : ['openai'],
    // The least that the model must take: an estimate that is a little high must not refuse what fits.
    tokens: Math.floor(promptTokens * SURE_SHARE) + (boundOf(body) ?? 0),
    modalities: modalitiesOf(body),
    residencies: [tenant.residency, controls.residency],
    priority: controls.priority,
  };
}

function boundOf(body: JsonObject): number | null {
  return [body['max_completion_tokens'], body['max_tokens']].find((value) => typeof value === 'number') ?? null;
}

/** The session that the client names, else its user, else the conversation itself. */
function toKey({ user, messages }: JsonObject, tenant: string, session: string | null, prefix: Prefix): Key | null {
  const named = session ?? (typeof user === 'string' && user !== '' ? user : null);
  const isContinued =
    Array.isArray(messages) && messages.some((one) => isJsonObject(one) && one['role'] === 'assistant');
  if (named !== null) {
    return { text: `${tenant}/${named}`, isContinued };
  }
  return prefix.conversation === null ? null : { text: `${tenant}/${prefix.conversation}`, isContinued };
}

const MODALITY_OF_PART: Readonly<Record<string, Modality>> = { image_url: 'image', input_audio: 'audio' };

function modalitiesOf({ messages }: JsonObject): readonly Modality[] {
  const parts = Array.isArray(messages) ? messages.flatMap(partsOf) : [];
  const found = parts.flatMap((part) => {
    const type = isJsonObject(part) ? part['type'] : null;
    return typeof type === 'string' && Object.hasOwn(MODALITY_OF_PART, type) ? (MODALITY_OF_PART[type] ?? []) : [];
  });
  return [...new Set<Modality>(['text', ...found])];
}

function partsOf(message: Json): readonly Json[] {
  const content = isJsonObject(message) ? message['content'] : null;
  return Array.isArray(content) ? content : [];
}
