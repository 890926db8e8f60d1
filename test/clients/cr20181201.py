"""Calls operations of cr through the vendor's typed Python SDK.

One call a line on standard input, {"action", "params"}; of each one line on standard output: {"status", "body"}, the body as the
SDK's reply of that operation read it, or of a refusal what the SDK's error says.
"""

import json
import os
import re
import sys

from alibabacloud_cr20181201 import models
from alibabacloud_cr20181201.client import Client
from alibabacloud_tea_openapi import models as open_api_models
from alibabacloud_tea_util.models import RuntimeOptions


def structured(params):
    """`Platforms.1` and `Tag.1.Key` as lists, and JSON text as what it says: the SDK flattens them itself."""
    made = {}
    for name, value in params.items():
        base, *places = name.split('.')
        if not places:
            made[base] = json.loads(value) if value.startswith(('{', '[')) else value
        elif len(places) == 1:
            made.setdefault(base, []).append(value)
        else:
            items = made.setdefault(base, [])
            if len(items) < int(places[0]):
                items.append({})
            items[-1][places[1]] = value
    return made


def snake(action):
    return re.sub(r'(?<!^)(?=[A-Z])', '_', action).lower()


def perform(client, action, params):
    request = getattr(models, f'{action}Request', None)
    method = getattr(client, f'{snake(action)}_with_options', None)
    if method is None:
        return {'unknown': action}
    asked = [request().from_map(structured(params))] if request else []
    unread = set(structured(params)) - set(asked[0].to_map() if asked else [])
    if unread:
        return {'unknown': f'{action} {sorted(unread)}'}
    try:
        response = method(*asked, RuntimeOptions(autoretry=False))
    except Exception as error:
        code = getattr(error, 'code', None)
        if code is None:
            return {'failed': repr(error)}
        status = getattr(error, 'status_code', None) or (getattr(error, 'data', None) or {}).get('statusCode')
        return {'status': status, 'body': {'Code': code, 'Message': error.message}}
    return {'status': response.status_code, 'body': response.body.to_map()}


def main():
    client = Client(open_api_models.Config(
        access_key_id=os.environ['KEY_ID'],
        access_key_secret=os.environ['KEY_SECRET'],
        endpoint=os.environ['HOST'],
        protocol='http',
    ))
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(perform(client, asked['action'], asked['params'])), flush=True)


main()
