import { wireAction } from '@slipway/client/client.ts';
import { doubleQuote, entries, placeOf, quote, shellQuote } from './quote-text.ts';
import type { SampledCall } from './sampled-call.ts';
import { standardGo, standardJava, standardPython } from './standard-samples.ts';

/** A signed call, as curl sends it. */
export interface SignedCall {
  url: string;
  headers: Readonly<Record<string, string>>;
}

/** The same call in one language. Each sample reads its keys from the variables that the vendor's clients use. */
export interface CodeSample {
  language: string;
  text: string;
  /** The same call using the vendor's client, if `text` does not use it. */
  byClient?: string;
}

/**
 * The call with the vendor's client for TypeScript; with the standard libraries of Python, Go and Java, and with the
 * vendor's clients for them, all of which need only the name of an operation; with the command line; and with curl as
 * signed, which works once, within 15 minutes.
 */
export function codeSamples(call: SampledCall, signed: SignedCall | undefined): CodeSample[] {
  const sent = { ...call, action: wireAction(call.action) };
  return [
    { language: 'TypeScript', text: typescript(sent) },
    { language: 'Python', text: standardPython(sent), byClient: python(sent) },
    { language: 'Go', text: standardGo(sent), byClient: go(sent) },
    { language: 'Java', text: standardJava(sent), byClient: java(sent) },
    { language: 'CLI', text: commandLine(call) },
    ...(signed ? [{ language: 'curl', text: curl(signed) }] : []),
  ];
}

function typescript({ action, version, params, endpoint }: SampledCall): string {
  const { host, protocol } = placeOf(endpoint);
  return `// npm install @alicloud/openapi-client @alicloud/tea-util
import { env } from "node:process";
import openApi from "@alicloud/openapi-client";
import teaUtil from "@alicloud/tea-util";

const { default: Client, Config, OpenApiRequest, Params } = openApi;
const client = new Client(new Config({
  endpoint: ${doubleQuote(host)},
  protocol: "${protocol}",
  accessKeyId: env.ALIBABA_CLOUD_ACCESS_KEY_ID,
  accessKeySecret: env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
  securityToken: env.ALIBABA_CLOUD_SECURITY_TOKEN,
}));
const params = new Params({
  action: "${action}", version: "${version}", protocol: "${protocol}", pathname: "/", method: "POST",
  authType: "AK", style: "RPC", reqBodyType: "formData", bodyType: "json",
});
const query = {${entries(params, (name, value) => `  ${doubleQuote(name)}: ${doubleQuote(value)},`)}};
const { body } = await client.callApi(params, new OpenApiRequest({ query }), new teaUtil.RuntimeOptions({}));
console.log(JSON.stringify(body, null, 2));
`;
}

function python({ action, version, params, endpoint }: SampledCall): string {
  const { host, protocol } = placeOf(endpoint);
  return `# pip install alibabacloud-tea-openapi alibabacloud-tea-util
import json
import os

from alibabacloud_tea_openapi import models
from alibabacloud_tea_openapi.client import Client
from alibabacloud_tea_util.models import RuntimeOptions

client = Client(models.Config(
    endpoint='${host}',
    protocol='${protocol}',
    access_key_id=os.environ['ALIBABA_CLOUD_ACCESS_KEY_ID'],
    access_key_secret=os.environ['ALIBABA_CLOUD_ACCESS_KEY_SECRET'],
    security_token=os.environ.get('ALIBABA_CLOUD_SECURITY_TOKEN'),
))
params = models.Params(
    action='${action}', version='${version}', protocol='${protocol}', pathname='/', method='POST',
    auth_type='AK', style='RPC', req_body_type='formData', body_type='json',
)
query = {${entries(params, (name, value) => `    ${quote(name)}: ${quote(value)},`)}}
reply = client.call_api(params, models.OpenApiRequest(query=query), RuntimeOptions())
print(json.dumps(reply['body'], indent=2))
`;
}

function go({ action, version, params, endpoint }: SampledCall): string {
  const { host, protocol } = placeOf(endpoint);
  return `package main

import (
	"encoding/json"
	"fmt"
	"os"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	openapiutil "github.com/alibabacloud-go/darabonba-openapi/v2/utils"
	"github.com/alibabacloud-go/tea/dara"
)

func main() {
	client, err := openapi.NewClient(&openapiutil.Config{
		Endpoint:        dara.String(${doubleQuote(host)}),
		Protocol:        dara.String(${doubleQuote(protocol)}),
		AccessKeyId:     dara.String(os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_ID")),
		AccessKeySecret: dara.String(os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET")),
		SecurityToken:   dara.String(os.Getenv("ALIBABA_CLOUD_SECURITY_TOKEN")),
	})
	if err != nil {
		panic(err)
	}
	params := &openapiutil.Params{
		Action: dara.String("${action}"), Version: dara.String("${version}"), Protocol: dara.String("${protocol}"),
		Pathname: dara.String("/"), Method: dara.String("POST"), AuthType: dara.String("AK"), Style: dara.String("RPC"),
		ReqBodyType: dara.String("formData"), BodyType: dara.String("json"),
	}
	request := &openapiutil.OpenApiRequest{Query: map[string]*string{${entries(params, (name, value) => `\t\t${doubleQuote(name)}: dara.String(${doubleQuote(value)}),`, '\t')}}}
	reply, err := client.CallApi(params, request, &dara.RuntimeOptions{})
	if err != nil {
		panic(err)
	}
	text, _ := json.MarshalIndent(reply["body"], "", "  ")
	fmt.Println(string(text))
}
`;
}

function java({ action, version, params, endpoint }: SampledCall): string {
  const { host, protocol } = placeOf(endpoint);
  return `// com.aliyun:tea-openapi
import com.aliyun.teaopenapi.Client;
import com.aliyun.teaopenapi.models.Config;
import com.aliyun.teaopenapi.models.OpenApiRequest;
import com.aliyun.teaopenapi.models.Params;
import com.aliyun.teautil.models.RuntimeOptions;
import java.util.HashMap;
import java.util.Map;

public class Call {
  public static void main(String[] args) throws Exception {
    Client client = new Client(new Config()
        .setEndpoint(${doubleQuote(host)})
        .setProtocol("${protocol}")
        .setAccessKeyId(System.getenv("ALIBABA_CLOUD_ACCESS_KEY_ID"))
        .setAccessKeySecret(System.getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET"))
        .setSecurityToken(System.getenv("ALIBABA_CLOUD_SECURITY_TOKEN")));
    Params params = new Params()
        .setAction("${action}").setVersion("${version}").setProtocol("${protocol}").setPathname("/").setMethod("POST")
        .setAuthType("AK").setStyle("RPC").setReqBodyType("formData").setBodyType("json");
    Map<String, String> query = new HashMap<>();
${params.map(([name, value]) => `    query.put(${doubleQuote(name)}, ${doubleQuote(value)});\n`).join('')}    Map<String, ?> reply = client.callApi(params, new OpenApiRequest().setQuery(query), new RuntimeOptions());
    System.out.println(com.aliyun.teautil.Common.toJSONString(reply.get("body")));
  }
}
`;
}

function commandLine({ action, params, endpoint }: SampledCall): string {
  const given = params.map(([name, value]) => ` \\\n  ${shellQuote(`${name}=${value}`)}`).join('');
  return `export SLIPWAY_ACCESS_KEY_ID="$ALIBABA_CLOUD_ACCESS_KEY_ID"
export SLIPWAY_ACCESS_KEY_SECRET="$ALIBABA_CLOUD_ACCESS_KEY_SECRET"
export SLIPWAY_SECURITY_TOKEN="$ALIBABA_CLOUD_SECURITY_TOKEN"
./slipway call --endpoint ${shellQuote(endpoint)} ${action}${given}
`;
}

function curl({ url, headers }: SignedCall): string {
  const sent = Object.entries(headers).map(([name, value]) => ` \\\n  --header ${shellQuote(`${name}: ${value}`)}`);
  return `curl --request POST ${shellQuote(url)}${sent.join('')}\n`;
}
