#!/usr/bin/python3 -B
"""Inside a lab, as a user: calls of MSAL for Python with its broker part, one after the other, on one application.

MSAL's cache is kept in the user's home, as programs of users do. Standard input: a JSON list of [method, scope]; the account is the first one of get_accounts. Prints a JSON list of what they returned.
"""

import json
import sys
from pathlib import Path

import msal

OFFICE = "d3590ed6-52b3-4102-aeff-aad2292ab01c"


def call(app, method, scope=None):
    if method == "get_accounts":
        return app.get_accounts()
    if method == "acquire_token_silent":
        return app.acquire_token_silent_with_error([scope], account=app.get_accounts()[0])
    return app.acquire_token_interactive([scope], parent_window_handle=app.CONSOLE_WINDOW_HANDLE)


def main():
    kept, cache = Path.home() / "msal-cache", msal.SerializableTokenCache()
    if kept.exists():
        cache.deserialize(kept.read_text(encoding="utf-8"))
    app = msal.PublicClientApplication(OFFICE, authority="https://login.microsoftonline.com/" + sys.argv[1], enable_broker_on_linux=True, token_cache=cache)
    print(json.dumps([call(app, *words) for words in json.load(sys.stdin)]))
    kept.touch(mode=0o600)
    kept.write_text(cache.serialize(), encoding="utf-8")


main()
