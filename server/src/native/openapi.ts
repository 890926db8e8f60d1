import { nativePaths, nativeSchemas } from './openapi.gen.ts';

/** The native API as an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0). */
export function openApiDocument(version: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Slipway native API',
      version,
      description: 'What the vendor’s API does not cover. The RAM action in `x-ram-action` decides every call.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ acs3: [] }, { bearer: [] }],
    paths: nativePaths,
    components: {
      schemas: nativeSchemas,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A token of `POST /tokens`.' },
        acs3: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'ACS3-HMAC-SHA256 over the request, with the path as the canonical URI.',
        },
      },
      responses: {
        Error: {
          description: 'A refusal, or a fault.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
    },
  };
}
