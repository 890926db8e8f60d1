import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, type CallToolResult, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { ApiCallError } from '@slipway/client/api-call-error.ts';
import type { Client } from '@slipway/client/client.ts';
import { failureCard, listBuilds } from './build-tools.ts';
import { diffLogs } from './diff-tool.ts';
import { readLog, searchLog, searchLogs, tailLog } from './log-tools.ts';
import { type Arguments, BadArgument, type Tool } from './tool.ts';

const TOOLS: readonly Tool[] = [listBuilds, readLog, tailLog, searchLog, searchLogs, failureCard, diffLogs];

/**
 * Serves the tools on standard input and output until the input ends. Every tool only reads, with the rights of the
 * client.
 */
export async function serveMcp(client: () => Promise<Client>, version: string): Promise<void> {
  const server = new Server({ name: 'slipway', version }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, async () => ({
    tools: TOOLS.map(({ name, description, inputSchema }) => ({
      name,
      description,
      inputSchema,
      annotations: { readOnlyHint: true },
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    const tool = TOOLS.find((known) => known.name === params.name);
    if (tool === undefined) return refusal(`there is no tool ${JSON.stringify(params.name)}`);
    return call(tool, await client(), params.arguments ?? {});
  });
  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve;
    process.stdin.once('end', resolve);
  });
  await server.connect(new StdioServerTransport());
  await closed;
}

async function call(tool: Tool, client: Client, args: Arguments): Promise<CallToolResult> {
  try {
    return { content: [{ type: 'text', text: JSON.stringify(await tool.run(client, args)) }] };
  } catch (error) {
    if (error instanceof BadArgument) return refusal(error.message);
    if (error instanceof ApiCallError) {
      const expired = error.code === 'BUILD_LOG_EXPIRED' ? { expired: true } : {};
      return refusal(
        JSON.stringify({ code: error.code, message: error.message, request_id: error.requestId, ...expired }),
      );
    }
    throw error;
  }
}

function refusal(text: string): CallToolResult {
  return { content: [{ type: 'text', text }], isError: true };
}
