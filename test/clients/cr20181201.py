"""Calls operations of cr through the vendor's typed Python SDK.

Driver.ask in driver.ts has the form of calls and answers.
"""

import inspect
import json
import os
import re
import sys

from alibabacloud_cr20181201 import models
from alibabacloud_cr20181201.client import Client
from alibabacloud_tea_openapi import models as open_api_models
from alibabacloud_tea_util.models import RuntimeOptions

# Version 2.2.5 calls one of its own classes by a name that it does not have, and so reads no reply of GetChain with a router.
models.GetChainResponseBodyChainConfigRoutersFrom_ = models.GetChainResponseBodyChainConfigRoutersFrom


def decoded(request, params):
    """JSON text as what it says, where the SDK encodes it itself: where its own type is not a text."""
    texts = {name for name, known in inspect.signature(request.__init__).parameters.items() if known.annotation == 'str'}
    is_encoded = lambda name, value: isinstance(value, str) and value.startswith(('{', '[')) and snake(name) not in texts
    return {name: json.loads(value) if is_encoded(name, value) else value for name, value in params.items()}


def snake(action):
    return re.sub(r'(?<!^)(?=[A-Z])', '_', action).lower()


def perform(client, action, params):
    request = getattr(models, f'{action}Request', None)
    method = getattr(client, f'{snake(action)}_with_options', None)
    if method is None:
        return {'unknown': action}
    given = decoded(request, params) if request else params
    asked = [request().from_map(given)] if request else []
    unread = set(given) - set(asked[0].to_map() if asked else [])
    if unread:
        return {'unknown': f'{action} {", ".join(sorted(unread))}'}
    try:
        response = method(*asked, RuntimeOptions(autoretry=False))
    except Exception as error:
        code = getattr(error, 'code', None)
        if code is None:
            return {'failed': repr(error)}
        return {'code': code}
    # The SDK logs what its types could not read, and goes on without a body.
    if response.body is None:
        return {'failed': 'its types cannot read the reply'}
    return {'read': response.body.to_map()}


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
