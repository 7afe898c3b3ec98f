"""What an administrator of a realm does. Usage: admin.py BASE REALM enable|disable|delete|logout|require-otp USER, admin.py BASE REALM new-key, admin.py BASE REALM offline-life SECONDS|unlimited, or
admin.py BASE REALM client-keys CLIENT KEYSET"""

import json
import sys
import urllib.parse
import urllib.request

BASE, NAME, DO, *USER = sys.argv[1:]
REALM = f"/admin/realms/{NAME}"


def ask(method, path, body=None, form=None):
    headers, data = {}, None
    if form:
        data = urllib.parse.urlencode(form).encode()
    if body is not None:
        data, headers = json.dumps(body).encode(), {"Content-Type": "application/json"}
    if not form:
        headers["Authorization"] = f"Bearer {TOKEN}"
    with urllib.request.urlopen(urllib.request.Request(BASE + path, data, headers, method=method)) as reply:
        text = reply.read()
    return json.loads(text) if text else None


LOGIN = {"grant_type": "password", "client_id": "admin-cli", "username": "admin", "password": "admin"}
TOKEN = ask("POST", "/realms/master/protocol/openid-connect/token", form=LOGIN)["access_token"]
if DO == "client-keys":
    client = ask("GET", f"{REALM}/clients?clientId={USER[0]}")[0]
    ask("PUT", f"{REALM}/clients/{client['id']}", {**client, "attributes": client["attributes"] | {"jwks.string": USER[1]}})
    sys.exit()
if DO == "offline-life":
    limited = USER[0] != "unlimited"
    life = {"offlineSessionMaxLifespanEnabled": limited} | ({"offlineSessionMaxLifespan": int(USER[0])} if limited else {})
    ask("PUT", REALM, life)
    sys.exit()
if USER:
    user = ask("GET", f"{REALM}/users?exact=true&username={USER[0]}")[0]
    place = f"{REALM}/users/{user['id']}"
if DO in ("enable", "disable"):
    ask("PUT", place, {**user, "enabled": DO == "enable"})
elif DO == "require-otp":
    ask("PUT", place, {**user, "requiredActions": ["CONFIGURE_TOTP"]})
elif DO == "delete":
    ask("DELETE", place)
elif DO == "logout":
    ask("POST", f"{place}/logout", {})
elif DO == "new-key":
    key = {"priority": ["500"], "enabled": ["true"], "active": ["true"], "algorithm": ["RS256"]}
    realm = ask("GET", REALM)["id"]
    ask("POST", f"{REALM}/components", {"name": "newer", "providerId": "rsa-generated", "providerType": "org.keycloak.keys.KeyProvider", "parentId": realm, "config": key})
else:
    sys.exit(__doc__)
