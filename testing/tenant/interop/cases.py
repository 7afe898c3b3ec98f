"""A list of cases, and what runs them."""

import os
import sys
import traceback

CASES = []


def case(function):
    CASES.append(function)
    return function


def refused(code, action, *arguments, **named):
    """The action must be refused with this AADSTS number."""
    from signin import Refused
    try:
        action(*arguments, **named)
    except Refused as refusal:
        assert refusal.code == code, f"refused with {refusal.code} instead of {code}"
        return
    raise AssertionError(f"not refused; should be AADSTS{code}")


def main():
    wanted = sys.argv[1:]
    passed = failed = 0
    for function in CASES:
        name = function.__name__
        if wanted and not any(word in name for word in wanted):
            continue
        try:
            function()
            passed += 1
            print(f"ok    {name}: {function.__doc__}")
        except Exception:
            failed += 1
            print(f"FAIL  {name}: {function.__doc__}")
            traceback.print_exc(file=sys.stdout)
        sys.stdout.flush()
    print(f"{passed} passed, {failed} failed", flush=True)
    os._exit(1 if failed or not passed else 0)
