/** A route as /openapi.json describes it. */
import type { z } from '@hono/zod-openapi';
import type { COMMON_HEADERS } from './openapi-headers.ts';

export interface Description {
  method: 'get' | 'post' | 'put' | 'delete';
  path: string;
  tag: 'Generate' | 'Local models' | 'Open Inference Protocol' | 'Cache' | 'Gateway' | 'Administration';
  summary: string;
  answer: z.ZodType;
  body?: z.ZodObject;
  /** By content type, beside JSON. */
  otherBodies?: Readonly<Record<string, { schema: z.ZodType }>>;
  /** JSON lines of it. */
  textBody?: z.ZodObject;
  query?: z.ZodObject;
  params?: z.ZodObject;
  headers?: z.ZodObject;
  answerHeaders?: typeof COMMON_HEADERS;
  status?: number;
  streams?: boolean;
  /** The answer is JSON lines of it. */
  isLines?: boolean;
  isPublic?: boolean;
  errorBody?: z.ZodType;
}
