"""MSAL for Python, unmodified."""

import threading
import uuid
from datetime import datetime, timedelta, timezone

import msal
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from cases import case
from signin import ctl

TENANT = "example.onmicrosoft.com"
AUTHORITY = "https://login.microsoftonline.com/" + TENANT
OFFICE = "d3590ed6-52b3-4102-aeff-aad2292ab01c"
SCOPES = ["https://graph.microsoft.com/.default"]
SINGLE = "msal-single@" + TENANT


def public(client=OFFICE):
    return msal.PublicClientApplication(client, authority=AUTHORITY)


def single_factor():
    ctl("user", "add", SINGLE, "--password", "Passw0rd!")


@case
def msal_password():
    """password grant for a user of one factor, silently renewed from the cache"""
    single_factor()
    app = public()
    result = app.acquire_token_by_username_password(SINGLE, "Passw0rd!", scopes=SCOPES)
    assert "access_token" in result, result
    assert result["id_token_claims"]["preferred_username"] == SINGLE
    account = app.get_accounts()[0]
    again = app.acquire_token_silent_with_error(SCOPES, account, force_refresh=True)
    assert again["access_token"] != result["access_token"]


@case
def msal_password_refusals():
    """wrong password, no such user, second factor needed: the real numbers"""
    single_factor()
    app = public()
    for name, password, code in ((SINGLE, "wrong", 50126), ("nobody@" + TENANT, "x", 50034),
                                 ("user01@" + TENANT, "Passw0rd!", 50076)):
        result = app.acquire_token_by_username_password(name, password, scopes=SCOPES)
        assert result.get("error_codes") == [code], result


@case
def msal_device_code():
    """device code, approved while MSAL polls"""
    app = public()
    flow = app.initiate_device_flow(scopes=SCOPES)
    assert flow["message"], flow
    timer = threading.Timer(1.5, ctl, ("devicecode", "approve", flow["user_code"], "--user", "user01@" + TENANT))
    timer.start()
    result = app.acquire_token_by_device_flow(flow)
    timer.join()
    assert result["id_token_claims"]["preferred_username"] == "user01@" + TENANT, result


@case
def msal_device_code_declined():
    """device code that the user declines"""
    app = public()
    flow = app.initiate_device_flow(scopes=SCOPES)
    ctl("devicecode", "decline", flow["user_code"])
    assert app.acquire_token_by_device_flow(flow)["error"] == "authorization_declined"


def certificate(days):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "app")])
    now = datetime.now(timezone.utc)
    cert = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=400))
            .not_valid_after(now + timedelta(days=days)).sign(key, hashes.SHA256()))
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                serialization.NoEncryption()).decode()
    return private, cert.public_bytes(serialization.Encoding.PEM).decode(), cert


def confidential(client, credential):
    return msal.ConfidentialClientApplication(client, authority=AUTHORITY, client_credential=credential)


def app_with(days, *more):
    client, (private, pem, cert) = str(uuid.uuid4()), certificate(days)
    with open("cert.pem", "w", encoding="ascii") as file:
        file.write(pem)
    ctl("app", "add", "host", "--tenant", TENANT, "--id", client, "--certificate", "cert.pem", *more)
    return client, private, pem, cert


@case
def msal_certificate():
    """client credentials with a certificate, old and new thumbprint; then Graph"""
    import requests
    client, private, pem, cert = app_with(30)
    for credential in ({"private_key": private, "thumbprint": cert.fingerprint(hashes.SHA1()).hex()},
                       {"private_key": private, "public_certificate": pem}):
        result = confidential(client, credential).acquire_token_for_client(scopes=SCOPES)
        assert "access_token" in result, result
    answer = requests.get("https://graph.microsoft.com/v1.0/users/user01@" + TENANT,
                          headers={"Authorization": "Bearer " + result["access_token"]})
    assert answer.json()["userPrincipalName"] == "user01@" + TENANT


@case
def msal_certificate_refusals():
    """an expired certificate, and one that belongs to nobody"""
    client, private, pem, cert = app_with(-1)
    thumb = cert.fingerprint(hashes.SHA1()).hex()
    result = confidential(client, {"private_key": private, "thumbprint": thumb}).acquire_token_for_client(SCOPES)
    assert result["error_codes"] == [700027], result
    client, _, _, _ = app_with(30)
    private, pem, cert = certificate(30)
    thumb = cert.fingerprint(hashes.SHA1()).hex()
    result = confidential(client, {"private_key": private, "thumbprint": thumb}).acquire_token_for_client(SCOPES)
    assert result["error_codes"] == [700027], result


@case
def msal_secret():
    """client credentials with a secret: right, wrong, expired"""
    client = str(uuid.uuid4())
    ctl("app", "add", "secretive", "--tenant", TENANT, "--id", client, "--secret", "right")
    assert "access_token" in confidential(client, "right").acquire_token_for_client(scopes=SCOPES)
    assert confidential(client, "wrong").acquire_token_for_client(scopes=SCOPES)["error_codes"] == [7000215]
    ctl("app", "add", "--tenant", TENANT, "--client-id", client, "--secret", "old", "--expires-in", "-5")
    assert confidential(client, "old").acquire_token_for_client(scopes=SCOPES)["error_codes"] == [7000222]
    ctl("app", "add", "secretive", "--secret", "older", "--expires", "2020-01-31")
    assert confidential(client, "older").acquire_token_for_client(scopes=SCOPES)["error_codes"] == [7000222]
    assert client in ctl("app", "list")
    ctl("app", "remove", "secretive")
    assert client not in ctl("app", "list")
    assert confidential(client, "right").acquire_token_for_client(scopes=SCOPES)["error_codes"] == [700016]


@case
def msal_assertion_again():
    """MSAL sends one assertion for two tokens; permissions decide what each reads"""
    import requests
    client, private, _, cert = app_with(30, "--permission", "User.Read.All")
    app = confidential(client, {"private_key": private, "thumbprint": cert.fingerprint(hashes.SHA1()).hex()})
    for scope in (SCOPES, ["00000003-0000-0000-c000-000000000000/.default"]):
        result = app.acquire_token_for_client(scopes=scope)
        assert "access_token" in result, result
    headers = {"Authorization": "Bearer " + result["access_token"]}
    assert requests.get("https://graph.microsoft.com/v1.0/users", headers=headers).status_code == 200
    denied = requests.get("https://graph.microsoft.com/v1.0/groups", headers=headers)
    assert denied.status_code == 403 and denied.json()["error"]["code"] == "Authorization_RequestDenied"


@case
def msal_unknown():
    """an unknown tenant and an unknown application"""
    try:
        msal.PublicClientApplication(OFFICE, authority="https://login.microsoftonline.com/nowhere.example")
        raise AssertionError("an unknown tenant was accepted")
    except ValueError as error:
        assert "AADSTS90002" in str(error) or "invalid_tenant" in str(error) or "nowhere" in str(error), error
    result = public(str(uuid.uuid4())).acquire_token_by_username_password(SINGLE, "Passw0rd!", scopes=SCOPES)
    assert result["error_codes"] == [700016], result
