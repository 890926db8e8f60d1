import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { TestServer } from '../slipway.ts';

/** Calls the native API and checks every answer against the OpenAPI document that the server serves. */
export interface ApiChecker {
  /** GETs a path of the document with its parameters filled in; returns the checked body. */
  get(path: string, places?: Record<string, string>, query?: Record<string, string>): Promise<Record<string, unknown>>;
  /** Checks a refusal; returns its body. */
  checkError(response: Response): Promise<{ Code: string; Message: string }>;
}

interface Document {
  paths: Record<
    string,
    Record<
      string,
      {
        parameters?: { name: string; in: string }[];
        responses: Record<string, { content?: Record<string, { schema: object }> }>;
      }
    >
  >;
}

/** Fetches the document of a server, checks that it is valid, and makes a checker from it. */
export async function apiChecker(server: TestServer): Promise<ApiChecker> {
  const document = (await (await fetch(`${server.root.Endpoint}/api/v1/openapi.json`)).json()) as Document;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, 'openapi');
  const check = (pointer: string, value: unknown, what: string) => {
    const validate = ajv.getSchema(`openapi#${pointer}`);
    assert.ok(validate, `${pointer} is not a schema of the document`);
    assert.ok(validate(value), `${what}: ${ajv.errorsText(validate.errors)}`);
  };
  return {
    async get(path, places = {}, query = {}) {
      const operation = document.paths[path]?.get;
      assert.ok(operation, `the document has no GET ${path}`);
      for (const name of Object.keys(query)) {
        assert.ok(
          operation.parameters?.some((parameter) => parameter.name === name),
          `${path} does not document ${name}`,
        );
      }
      const filled = path.replace(/\{(\w+)\}/g, (_, place: string) => places[place] ?? '');
      const response = await server.client.fetch(`/api/v1${filled}?${new URLSearchParams(query)}`);
      const body = (await response.json()) as Record<string, unknown>;
      assert.equal(response.status, 200, `${filled}: ${JSON.stringify(body)}`);
      check(
        `/paths/${path.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')}/get/responses/200/content/application~1json/schema`,
        body,
        filled,
      );
      return body;
    },
    async checkError(response) {
      const body = (await response.json()) as { Code: string; Message: string };
      check('/components/schemas/Error', body, response.url);
      return body;
    },
  };
}
