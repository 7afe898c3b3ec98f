"""Completes a device code on Keycloak's own pages, as a user with a browser does. Usage: pages.py ADDRESS USER PASSWORD yes|no    Prints the title of each page."""

import html
import http.cookiejar
import re
import sys
import urllib.parse
import urllib.request

ADDRESS, USER, PASSWORD, CONSENT = sys.argv[1:]
opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))


def shown(reply):
    text = reply.read().decode()
    title = re.search(r"<title>\s*(.*?)\s*</title>", text, re.DOTALL)
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<script.*?</script>", " ", text.split("<body")[-1], flags=re.DOTALL)))
    print(title and title[1], "|", html.unescape(words)[:400])
    return text, reply.url


def submit(page, **values):
    text, base = page
    form = re.search(r"<form[^>]*action=\"([^\"]+)\"[^>]*>(.*?)</form>", text, re.DOTALL)
    fields = {}
    for tag in re.findall(r"<input[^>]*>", form[2]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="hidden"' in tag:
            fields[name[1]] = html.unescape(value[1]) if value else ""
    data = urllib.parse.urlencode(fields | values).encode()
    return shown(opener.open(urllib.parse.urljoin(base, html.unescape(form[1])), data))


page = submit(shown(opener.open(ADDRESS)), username=USER, password=PASSWORD, credentialId="")
submit(page, **({"accept": "Yes"} if CONSENT == "yes" else {"cancel": "No"}))
