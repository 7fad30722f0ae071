/** Runs in workerd: the tokenizer and the shipped router on prompts, one after the other, each timed. */
import configJson from '../../../models/minilm/tokenizer_config.json' with { type: 'json' };
import manifestJson from '../../../models/minilm/manifest.json' with { type: 'json' };
import tokenizerJson from '../../../models/minilm/tokenizer.json' with { type: 'json' };
import { parseManifest } from '../../../src/local/manifest.ts';
import { tokenise } from '../../../src/local/tokenise.ts';
import { createWordPieces } from '../../../src/local/word-pieces.ts';
import { GENERAL_ROUTER } from '../../../src/origin/tiers/general-router.ts';
import { routeTier } from '../../../src/origin/tiers/route-tier.ts';
import { createStopwatch } from '../exits/stopwatch.ts';
import { DECIDE_PATH, type DecideBody, type Decided } from './messages.ts';

const { input } = parseManifest(manifestJson, 'embedding');
const wordPieces = createWordPieces(JSON.stringify(tokenizerJson), JSON.stringify(configJson));
const stopwatch = createStopwatch(() => performance.now());

export default {
  async fetch(request) {
    if (new URL(request.url).pathname !== DECIDE_PATH) {
      return new Response(null, { status: 404 });
    }
    const { prompts, quality } = await request.json<DecideBody>();
    return Response.json(prompts.map((prompt) => decide(prompt, quality)));
  },
} satisfies ExportedHandler;

function decide(text: string, quality: number): Decided {
  stopwatch.start();
  const tokens = tokenise({ kind: 'text', text }, { truncateTo: -1 }, input, wordPieces);
  const ids = tokens.ok ? tokens.value.ids.slice(1, -1) : [];
  const { tier, score } = routeTier(GENERAL_ROUTER, { text, ids }, quality);
  return { tier, score, ms: stopwatch.stop() };
}
