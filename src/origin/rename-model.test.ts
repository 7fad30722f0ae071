import { expect, test } from 'vitest';
import { chatRequest } from '../../test/support/samples.ts';
import { renameModel } from './rename-model.ts';

test('renameModel() changes the model in the body and in its text, and nothing else', () => {
  const raw = '{ "seed":12345678901234567890,"model" : "auto","messages":[{"role":"user","content":"model"}]}';
  const request = chatRequest({}, { raw, body: JSON.parse(raw), model: 'auto' });
  const renamed = renameModel(request, 'small');
  expect(renamed).toEqual({
    ...request,
    model: 'small',
    body: { ...request.body, model: 'small' },
    raw: raw.replace('"auto"', '"small"'),
  });
});

test('renameModel() leaves one model where the text has two', () => {
  const raw = '{"model":["other"],"n":1,"model":"auto"}';
  const { raw: text } = renameModel(chatRequest({}, { raw, body: JSON.parse(raw), model: 'auto' }), 'small');
  expect(text).toBe('{"model":"small","n":1}');
});
