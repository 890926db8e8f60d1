"""Calls operations of cr through the vendor's old Python SDK, which reads no replies: it returns their bytes.

Driver.ask in driver.ts has the form of calls and answers.
"""

import importlib
import json
import os
import sys

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient


def perform(client, action, params):
    try:
        module = importlib.import_module(f'aliyunsdkcr.request.v20181201.{action}Request')
    except ModuleNotFoundError:
        return {'unknown': action}
    request = getattr(module, f'{action}Request')()
    for name, value in params.items():
        # A list's method has its parameter's name, or the name and an s.
        setter = getattr(request, f'set_{name}', None) or getattr(request, f'set_{name}s', None)
        if setter is None:
            return {'unknown': f'{action} {name}'}
        setter(value)
    request.set_endpoint(os.environ['HOST'])
    request.set_protocol_type('http')
    try:
        return {'read': json.loads(client.do_action_with_exception(request))}
    except ServerException as error:
        return {'code': error.get_error_code()}
    except Exception as error:
        return {'failed': repr(error)}


def main():
    client = AcsClient(os.environ['KEY_ID'], os.environ['KEY_SECRET'], 'local', auto_retry=False)
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(perform(client, asked['action'], asked['params'])), flush=True)


main()
