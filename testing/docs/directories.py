"""The API and the sign-in engine know no directory in particular: what is one's own words is in the bundle of its domain."""

import re

from tree import line

NEUTRAL = ("bundles/ground/api/src/main/java/", "bundles/core/login/src/main/java/")
# Comments may give examples and cite specifications.
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
WORDS = re.compile(r"aadsts|azure|entra(?!nt)|keycloak|microsoft|oidc|okta", re.IGNORECASE)
# What host-behaviour 2.6 prescribes for users, and the option that holds one of those texts.
PRESCRIBED = {
    "bundles/core/login/src/main/java/himmelblau/login/internal/conversation/PromptTexts.java",
    "bundles/core/login/src/main/java/himmelblau/login/internal/settings/LoginConfig.java",
}


def problems(tree):
    found = []
    for place in NEUTRAL:
        for path, text in tree.named(".java", place).items():
            if path in PRESCRIBED:
                continue
            code = COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
            found += [f"{path}:{line(code, match.start())}: says {match[0]}, which is one directory's word" for match in WORDS.finditer(code)]
    return found
