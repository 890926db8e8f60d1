import { doubleQuote, entries, quote } from './quote-text.ts';
import type { SampledCall } from './sampled-call.ts';

/*
 * A call that uses only a language's standard library, signed in ACS3 form with the steps that the page shows above. If
 * the server refuses, the program fails with the server's message.
 */

/** In Python 3.8 or newer. */
export function standardPython({ action, version, params, endpoint }: SampledCall): string {
  return `# Python 3.8 or newer; needs no package
import hashlib
import hmac
import json
import os
import urllib.error
import urllib.parse
import urllib.request
import uuid
from datetime import datetime, timezone

ENDPOINT = '${endpoint}'
query = {${entries(params, (name, value) => `    ${quote(name)}: ${quote(value)},`)}}


def encode(text):
    return urllib.parse.quote(text, safe='-_.~')


key_id = os.environ['ALIBABA_CLOUD_ACCESS_KEY_ID']
secret = os.environ['ALIBABA_CLOUD_ACCESS_KEY_SECRET']
token = os.environ.get('ALIBABA_CLOUD_SECURITY_TOKEN')
body_hash = hashlib.sha256(b'').hexdigest()
headers = {
    'host': ENDPOINT.split('://')[1],
    'x-acs-action': '${action}',
    'x-acs-version': '${version}',
    'x-acs-content-sha256': body_hash,
    'x-acs-date': datetime.now(timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ'),
    'x-acs-signature-nonce': str(uuid.uuid4()),
}
if token:
    headers.update({'x-acs-accesskey-id': key_id, 'x-acs-security-token': token})
names = sorted(headers)
canonical_query = '&'.join(f'{encode(name)}={encode(query[name])}' for name in sorted(query))
canonical_headers = ''.join(f'{name}:{headers[name]}\\n' for name in names)
canonical = '\\n'.join(['POST', '/', canonical_query, canonical_headers, ';'.join(names), body_hash])
to_sign = 'ACS3-HMAC-SHA256\\n' + hashlib.sha256(canonical.encode()).hexdigest()
signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
headers['authorization'] = (
    f'ACS3-HMAC-SHA256 Credential={key_id},SignedHeaders={";".join(names)},Signature={signature}'
)
headers['accept'] = 'application/json'
request = urllib.request.Request(f'{ENDPOINT}/?{canonical_query}', method='POST', headers=headers)
try:
    print(json.dumps(json.load(urllib.request.urlopen(request)), indent=2))
except urllib.error.HTTPError as refusal:
    raise SystemExit(refusal.read().decode())
`;
}

/** In Go 1.19 or newer. */
export function standardGo({ action, version, params, endpoint }: SampledCall): string {
  return `// Go 1.19 or newer; needs no module: go run call.go
package main

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"sort"
	"strings"
	"time"
)

const endpoint = "${endpoint}"

func main() {
	query := map[string]string{${entries(params, (name, value) => `\t\t${doubleQuote(name)}: ${doubleQuote(value)},`, '\t')}}
	keyID, secret := os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_ID"), os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET")
	token := os.Getenv("ALIBABA_CLOUD_SECURITY_TOKEN")
	nonce := make([]byte, 16)
	if _, err := rand.Read(nonce); err != nil {
		panic(err)
	}
	headers := map[string]string{
		"host":                  strings.Split(endpoint, "://")[1],
		"x-acs-action":          "${action}",
		"x-acs-version":         "${version}",
		"x-acs-content-sha256":  hash(""),
		"x-acs-date":            time.Now().UTC().Format("2006-01-02T15:04:05Z"),
		"x-acs-signature-nonce": hex.EncodeToString(nonce),
	}
	if token != "" {
		headers["x-acs-accesskey-id"], headers["x-acs-security-token"] = keyID, token
	}
	canonicalQuery := joined(query, func(name string) string { return encode(name) + "=" + encode(query[name]) }, "&")
	canonicalHeaders := joined(headers, func(name string) string { return name + ":" + headers[name] + "\\n" }, "")
	names := joined(headers, func(name string) string { return name }, ";")
	canonical := strings.Join([]string{"POST", "/", canonicalQuery, canonicalHeaders, names, hash("")}, "\\n")
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("ACS3-HMAC-SHA256\\n" + hash(canonical)))
	signature := hex.EncodeToString(mac.Sum(nil))

	request, err := http.NewRequest("POST", endpoint+"/?"+canonicalQuery, nil)
	if err != nil {
		panic(err)
	}
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	request.Header.Set("accept", "application/json")
	request.Header.Set("authorization",
		fmt.Sprintf("ACS3-HMAC-SHA256 Credential=%s,SignedHeaders=%s,Signature=%s", keyID, names, signature))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	reply, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != 200 {
		panic(fmt.Sprint(string(reply), err))
	}
	fmt.Println(string(reply))
}

func encode(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func joined(of map[string]string, write func(name string) string, between string) string {
	names := make([]string, 0, len(of))
	for name := range of {
		names = append(names, name)
	}
	sort.Strings(names)
	for i, name := range names {
		names[i] = write(name)
	}
	return strings.Join(names, between)
}
`;
}

/** In Java 17 or newer. */
export function standardJava({ action, version, params, endpoint }: SampledCall): string {
  return `// Java 17 or newer; needs no library: java Call.java
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Call {
  static final String ENDPOINT = "${endpoint}";

  public static void main(String[] args) throws Exception {
    var query = new TreeMap<String, String>();
${params.map(([name, value]) => `    query.put(${doubleQuote(name)}, ${doubleQuote(value)});\n`).join('')}    String keyId = System.getenv("ALIBABA_CLOUD_ACCESS_KEY_ID");
    String secret = System.getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET");
    String token = System.getenv("ALIBABA_CLOUD_SECURITY_TOKEN");
    var headers = new TreeMap<String, String>();
    headers.put("host", ENDPOINT.split("://")[1]);
    headers.put("x-acs-action", "${action}");
    headers.put("x-acs-version", "${version}");
    headers.put("x-acs-content-sha256", hash(""));
    headers.put("x-acs-date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    headers.put("x-acs-signature-nonce", UUID.randomUUID().toString());
    if (token != null && !token.isEmpty()) {
      headers.put("x-acs-accesskey-id", keyId);
      headers.put("x-acs-security-token", token);
    }
    String canonicalQuery = query.entrySet().stream()
        .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
        .collect(Collectors.joining("&"));
    String canonicalHeaders = headers.entrySet().stream()
        .map(e -> e.getKey() + ":" + e.getValue() + "\\n")
        .collect(Collectors.joining());
    String names = String.join(";", headers.keySet());
    String canonical = String.join("\\n", "POST", "/", canonicalQuery, canonicalHeaders, names, hash(""));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
    byte[] signed = mac.doFinal(("ACS3-HMAC-SHA256\\n" + hash(canonical)).getBytes(UTF_8));
    headers.remove("host"); // the client sets it from the address
    headers.put("accept", "application/json");
    headers.put("authorization", "ACS3-HMAC-SHA256 Credential=" + keyId + ",SignedHeaders=" + names
        + ",Signature=" + HexFormat.of().formatHex(signed));

    var request = HttpRequest.newBuilder(URI.create(ENDPOINT + "/?" + canonicalQuery))
        .version(HttpClient.Version.HTTP_1_1)
        .POST(HttpRequest.BodyPublishers.noBody());
    headers.forEach(request::header);
    var response = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    if (response.statusCode() != 200) throw new IllegalStateException(response.body());
    System.out.println(response.body());
  }

  static String encode(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20").replace("*", "%2A").replace("%7E", "~");
  }

  static String hash(String text) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
  }
}
`;
}
