import { z } from 'zod';
import { allRoutes, permissions, problem, type Route } from '@banya/contract';

const json = (schema: z.ZodType, io: 'input' | 'output'): unknown => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Record<string, unknown>;
  return rest;
};

function parameters(route: Route): unknown[] {
  const of = (schema: z.ZodType | undefined, where: 'path' | 'query'): unknown[] => {
    if (!schema) return [];
    const object = json(schema, 'input') as { properties?: Record<string, unknown>; required?: string[] };
    return Object.entries(object.properties ?? {}).map(([name, value]) => ({ name, in: where, required: where === 'path' || (object.required ?? []).includes(name), schema: value }));
  };
  return [...of(route.params, 'path'), ...of(route.query, 'query')];
}

function security(route: Route): unknown[] {
  if (route.access.kind === 'public' && !route.tokenScope) return [];
  return route.tokenScope ? [{ session: [] }, { token: [] }] : [{ session: [] }];
}

/** The contract as an OpenAPI 3.1 document. */
export function openApi(serverUrl: string): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of allRoutes()) {
    const access = route.access.kind === 'org' ? `Permission \`${route.access.permission}\`: ${permissions[route.access.permission].own.join(', ')}.` : `Access: ${route.access.kind}.`;
    const success = route.produces === 'redirect'
      ? { 302: { description: 'Redirect' } }
      : {
          [route.status ?? 200]: {
            description: 'Success',
            ...(route.reply ? { content: { 'application/json': { schema: json(route.reply, 'output') } } } : route.produces ? { content: { [route.produces]: {} } } : {}),
          },
        };
    (paths[`/api/v1${route.path}`] ??= {})[route.method.toLowerCase()] = {
      operationId: route.id,
      tags: [route.id.split('.')[0]],
      summary: route.summary,
      description: access + (route.tokenScope ? ` Token scope \`${route.tokenScope}\`.` : '') + (route.problems ? ` Problem codes: ${route.problems.join(', ')}.` : ''),
      parameters: parameters(route),
      ...(route.body ? { requestBody: { required: true, content: { 'application/json': { schema: json(route.body, 'input') } } } } : {}),
      ...(route.consumes ? { requestBody: { required: true, content: Object.fromEntries(route.consumes.map((type) => [type, {}])) } } : {}),
      responses: { ...success, default: { description: 'Problem (RFC 9457)', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } } },
      security: security(route),
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Banya', version: '1', description: 'One security desk that many small organisations share. Unsafe methods with a session need the header `Banya-Request: 1`.' },
    servers: [{ url: serverUrl }],
    paths,
    components: {
      schemas: { Problem: json(problem, 'output') },
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'banya_session' }, token: { type: 'http', scheme: 'bearer' } },
    },
  };
}
