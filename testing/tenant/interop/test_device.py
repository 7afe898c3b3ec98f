"""Devices, primary refresh tokens and Hello keys on the wire: what must be refused."""

import base64
import hashlib
import hmac
import json
import os
import time

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from cases import case, refused
from signin import BROKER, LOGIN, Refused, SignIn, ctl, token
from test_signin import PASSWORD, TENANT, b64u, claims, user

DRS = "https://enterpriseregistration.windows.net"
DRS_ID = "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9"
WINDOWS = "38aa3b87-a06d-4817-b275-7a316988d93b"


def nonce():
    return requests.post(f"{LOGIN}/common/oauth2/token", data="grant_type=srv_challenge").json()["Nonce"]


def jwt(header, payload, sign):
    head = b64u(json.dumps(header).encode()) + "." + b64u(json.dumps(payload).encode())
    return head + "." + b64u(sign(head.encode()))


def rs256(key):
    return lambda data: key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def blob(key):
    n = key.public_key().public_numbers().n.to_bytes(256, "big")
    return b"RSA1" + (2048).to_bytes(4, "little") + (3).to_bytes(4, "little") + (256).to_bytes(4, "little") + bytes(8) + b"\1\0\1" + n


def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Device:
    """A joined device, as a client sees it."""

    def __init__(self, name, tenant=TENANT):
        self.tenant, self.user = tenant, name
        self.key, self.transport = new_key(), new_key()
        flow = SignIn(tenant, amr_values="ngcmfa").open()
        flow.password(name, PASSWORD)
        self.login = flow.redeem(flow.push())
        self.drs = token(tenant, {"client_id": BROKER, "grant_type": "refresh_token", "scope": DRS_ID + "/.default",
                                  "refresh_token": self.login["refresh_token"]}, v2=True)["access_token"]
        answer = self.join(self.drs)
        assert answer.status_code == 200, answer.text
        der = base64.b64decode(answer.json()["Certificate"]["RawBody"])
        assert hashlib.sha1(der).hexdigest().upper() == answer.json()["Certificate"]["Thumbprint"]
        self.x5c = base64.b64encode(der).decode()
        self.certificate = x509.load_der_x509_certificate(der)
        self.id = self.certificate.subject.rdns[0].get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value

    def join(self, bearer, **change):
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "7E980AD9-B86D-4306-9425-9AC066FB014A")])
        csr = x509.CertificateSigningRequestBuilder().subject_name(name).sign(self.key, hashes.SHA256())
        body = {"CertificateRequest": {"Type": "pkcs10", "Data": base64.b64encode(csr.public_bytes(serialization.Encoding.DER)).decode()},
                "DeviceDisplayName": "wire", "DeviceType": "Linux", "JoinType": 0, "OSVersion": "x", "TargetDomain": self.tenant,
                "TransportKey": base64.b64encode(blob(self.transport)).decode(),
                "Attributes": {"ReuseDevice": "true", "ReturnClientSid": "true"}, **change}
        return requests.post(f"{DRS}/EnrollmentServer/device/?api-version=2.0", json=body, headers={"Authorization": "Bearer " + bearer})

    def signed(self, payload, key=None, x5c=None):
        return jwt({"alg": "RS256", "typ": "JWT", "x5c": [x5c or self.x5c]}, payload, rs256(key or self.key))

    def post(self, request, tenant=None):
        return token(tenant or self.tenant, {"windows_api_version": "2.0", "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
                                             "request": request, "client_info": "1", "tgt": "true"})

    def claims(self, **change):
        return {"client_id": BROKER, "request_nonce": nonce(), "scope": "openid aza ugs", "win_ver": None,
                "grant_type": "refresh_token", "refresh_token": self.login["refresh_token"], **change}

    def prt(self, **change):
        answer = self.post(self.signed(self.claims(**change)))
        wrapped = base64.urlsafe_b64decode(answer["session_key_jwe"].split(".")[1] + "==")
        session = self.transport.decrypt(wrapped, padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None))
        assert len(session) == 32 and isinstance(answer["expires_on"], str) and isinstance(answer["refresh_token_expires_in"], int)
        assert answer["id_token"].endswith(".")
        return answer["refresh_token"], session


def kdf(session, ctx):
    return hmac.digest(session, b"\0\0\0\1AzureAD-SecureConversation\0" + ctx + b"\0\0\1\0", "sha256")


def by_session(session, payload, v2=True):
    ctx = os.urandom(24 if v2 else 32)
    header = {"alg": "HS256", "typ": "JWT", "ctx": base64.b64encode(ctx).decode(), **({"kdf_ver": 2} if v2 else {})}
    text = json.dumps(payload)
    key = kdf(session, hashlib.sha256(ctx + text.encode()).digest() if v2 else ctx)
    head = b64u(json.dumps(header).encode()) + "." + b64u(text.encode())
    return head + "." + b64u(hmac.digest(key, head.encode(), "sha256"))


def decrypt(jwe, session):
    header, wrapped, iv, text, tag = (base64.urlsafe_b64decode(part + "==") for part in jwe.split("."))
    assert wrapped == b"" and tag == b"" and len(iv) == 16
    key = kdf(session, base64.b64decode(json.loads(header)["ctx"]))
    padded = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor().update(text)
    unpadder = PKCS7(128).unpadder()
    return json.loads(unpadder.update(padded) + unpadder.finalize())


def renewal(prt, **change):
    return {"client_id": WINDOWS, "scope": "openid ugs aza", "grant_type": "refresh_token", "refresh_token": prt, "resource": None,
            "request_nonce": nonce(), "iss": "aad:brokerplugin", "aud": "login.microsoftonline.com", "win_ver": None, **change}


DEVICES = {}


def device(name="wire"):
    if name not in DEVICES:
        DEVICES[name] = Device(user(name, "PhoneAppNotification"))
    return DEVICES[name]


@case
def device_certificate():
    """the certificate: subject, extensions, usage"""
    d = device()
    values = {e.oid.dotted_string: e for e in d.certificate.extensions}
    guid = lambda text: __import__("uuid").UUID(text).bytes_le
    assert values["1.2.840.113556.1.5.284.2"].value.value == b"\x04\x81\x10" + guid(d.id)
    assert values["1.2.840.113556.1.5.284.7"].value.value == b"\x04\x81\x011"
    assert values["1.2.840.113556.1.5.284.5"].value.value == b"\x04\x81\x10" + guid(claims(d.drs)["tid"])
    assert values["2.5.29.37"].critical and values["2.5.29.19"].critical
    assert d.certificate.public_key().public_numbers() == d.key.public_key().public_numbers()


@case
def device_join_refused():
    """joining: no token, other audience, forged token, bad request, other tenant's domain"""
    d = device()
    assert d.join("").status_code == 401
    assert d.join(d.login["access_token"]).status_code == 401
    head, body, signature = d.drs.split(".")
    assert d.join(f"{head}.{body}.{'A' * len(signature)}").status_code == 401
    assert d.join(d.drs, TransportKey="UlNBMQ==").status_code == 400
    assert d.join(d.drs, CertificateRequest={"Type": "pkcs10", "Data": "AAAA"}).status_code == 400
    assert d.join(d.drs, JoinType=6).status_code == 400
    answer = d.join(d.drs, TargetDomain="0pndv.onmicrosoft.com")
    assert answer.status_code == 400 and set(answer.json()) == {"ErrorType", "Message", "TraceId", "Time"}
    ctl("clock", "skew", 7200)
    try:
        assert d.join(d.drs).status_code == 401
    finally:
        ctl("clock", "skew", 0)


@case
def prt_request_refused():
    """PRT request: replayed or foreign nonce, wrong key, foreign certificate, bad scope or client"""
    d = device()
    d.prt()
    good = d.signed(d.claims())
    d.post(good)
    refused(140000, d.post, good)
    refused(140000, d.post, d.signed(d.claims(request_nonce="mine")))
    old = d.claims()
    ctl("clock", "skew", 700)
    try:
        refused(140000, d.post, d.signed(old))
    finally:
        ctl("clock", "skew", 0)
    refused(50013, d.post, d.signed(d.claims(), key=new_key()))
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, d.id)])
    forged = (x509.CertificateBuilder().subject_name(name).issuer_name(d.certificate.issuer).public_key(d.key.public_key())
              .serial_number(7).not_valid_before(d.certificate.not_valid_before_utc).not_valid_after(d.certificate.not_valid_after_utc)
              .sign(new_key(), hashes.SHA256())).public_bytes(serialization.Encoding.DER)
    refused(50013, d.post, d.signed(d.claims(), x5c=base64.b64encode(forged).decode()))
    refused(70011, d.post, d.signed(d.claims(scope="openid")))
    refused(700016, d.post, d.signed(d.claims(client_id="b743a22d-6705-4147-8670-d92fa515ee2b")))
    refused(70000, d.post, d.signed(d.claims(refresh_token="1.unknown")))
    refused(50126, d.post, d.signed(d.claims(grant_type="password", username=d.user, password="no", client_id=WINDOWS)))
    foreign = Device("user01@0pndv.onmicrosoft.com", "0pndv.onmicrosoft.com")
    refused(50020, d.post, d.signed(d.claims(refresh_token=foreign.login["refresh_token"])), "common")
    refused(50020, d.post, d.signed(d.claims(refresh_token=foreign.login["refresh_token"])), foreign.tenant)


@case
def prt_use():
    """renewal and tokens by KDF v1 and v2; wrong key, payload, nonce, expiry"""
    d = device()
    prt, session = d.prt()
    for v2 in (True, False):
        answer = decrypt(d.post(by_session(session, renewal(prt), v2)), session)
        assert set(answer) >= {"token_type", "expires_in", "expires_on", "refresh_token", "id_token"} and "session_key_jwe" not in answer
        tokens = decrypt(d.post(by_session(session, renewal(
            answer["refresh_token"], client_id=BROKER, scope="openid", resource="https://graph.microsoft.com",
            redirect_uri="msauth://Microsoft.AAD.BrokerPlugin"), v2)), session)
        assert claims(tokens["access_token"])["deviceid"] == d.id and "rsa" in claims(tokens["access_token"])["amr"]
    refused(140001, d.post, by_session(os.urandom(32), renewal(prt)))
    head, body, signature = by_session(session, renewal(prt)).split(".")
    refused(140001, d.post, ".".join((head, b64u(json.dumps(renewal(prt, scope="openid aza")).encode()), signature)))
    request = by_session(session, renewal(prt))
    d.post(request)
    refused(140000, d.post, request)
    ctl("clock", "skew", 15 * 86400)
    try:
        refused(70008, d.post, by_session(session, renewal(prt)))
    finally:
        ctl("clock", "skew", 0)
    refused(70000, token, TENANT, {"client_id": BROKER, "grant_type": "refresh_token", "refresh_token": prt, "resource": "https://graph.microsoft.com"})


def authorize(d, headers, **query):
    asked = {"client_id": BROKER, "response_type": "code", "redirect_uri": "msauth://Microsoft.AAD.BrokerPlugin",
             "client-request-id": "0b8f4c0e-93f5-4e0c-a6d5-2f6c0c1f7a01", "resource": "https://graph.microsoft.com", **query}
    flow = SignIn(d.tenant)
    flow.http.headers["User-Agent"] = ""
    answer = flow.http.get(f"{LOGIN}/{d.tenant}/oauth2/authorize", params=asked, headers=headers, allow_redirects=False)
    return flow, answer


def credentials(d, prt, session, **change):
    challenge = nonce()
    claims_ = {"refresh_token": prt, "request_nonce": challenge, "ua_client_id": None, "windows_api_version": "2.0.1", **change}
    return {"x-ms-RefreshTokenCredential": by_session(session, claims_, False),
            "x-ms-DeviceCredential": d.signed({"grant_type": "device_auth", "iss": "aad:brokerplugin", "request_nonce": challenge})}


@case
def prt_authorize():
    """PRT by header: code; MFA page when only a password stands behind it; stale nonce; revoked"""
    d = device()
    prt, session = d.prt()
    flow, answer = authorize(d, credentials(d, prt, session))
    assert answer.status_code == 302 and "?code=" in answer.headers["Location"] and "?code=" in answer.text
    code = answer.headers["Location"].split("code=")[1].split("&")[0]
    assert claims(flow.redeem(code)["access_token"])["upn"] == d.user
    weak, weak_session = d.prt(grant_type="password", username=d.user, password=PASSWORD, client_id=WINDOWS)
    _, answer = authorize(d, credentials(d, weak, weak_session))
    assert answer.status_code == 200 and '"pgid":"ConvergedTFA"' in answer.text
    _, answer = authorize(d, credentials(d, prt, session, request_nonce="stale"))
    assert answer.status_code == 302 and "sso_nonce=" in answer.headers["Location"]
    wrong = credentials(d, prt, session)
    wrong["x-ms-RefreshTokenCredential"] = by_session(os.urandom(32), {"refresh_token": prt, "request_nonce": nonce()})
    _, answer = authorize(d, wrong)
    assert '"sErrorCode":"140001"' in answer.text
    cookie = by_session(session, {"refresh_token": prt, "iat": int(time.time()), "is_primary": "true"})
    _, answer = authorize(d, {"Cookie": "x-ms-RefreshTokenCredential=" + cookie})
    assert "?code=" in answer.headers["Location"]


def assertion(d, key, challenge=None, **header):
    kid = base64.b64encode(hashlib.sha256(blob(key)).digest()).decode()
    now = int(time.time())
    return jwt({"alg": "RS256", "typ": "JWT", "use": "ngc", "kid": kid, **header},
               {"iss": d.user, "aud": "common", "iat": now - 300, "exp": now + 300, "scope": "openid aza ugs",
                "request_nonce": challenge or nonce()}, rs256(key))


def register(bearer, key):
    return requests.post(f"{DRS}/EnrollmentServer/key/?api-version=1.0", headers={"Authorization": "Bearer " + bearer},
                         json={"kngc": base64.b64encode(blob(key)).decode()})


@case
def hello():
    """Hello key: needs ngcmfa on a device; PRT by assertion carries MFA; every wrong assertion"""
    d = device()
    key = new_key()
    assert register(d.drs, key).status_code == 401  # ngcmfa, but no device in the token
    prt, session = d.prt()
    flow, answer = authorize(d, credentials(d, prt, session), resource="urn:ms-drs:enterpriseregistration.windows.net")
    plain = flow.redeem(answer.headers["Location"].split("code=")[1].split("&")[0])["access_token"]
    assert register(plain, key).status_code == 401  # a device, but no ngcmfa
    flow, answer = authorize(d, credentials(d, prt, session), resource="urn:ms-drs:enterpriseregistration.windows.net", amr_values="ngcmfa")
    bearer = flow.redeem(answer.headers["Location"].split("code=")[1].split("&")[0])["access_token"]
    bad = requests.post(f"{DRS}/EnrollmentServer/key/?api-version=1.0", headers={"Authorization": "Bearer " + bearer}, json={"kngc": "AAAA"})
    assert bad.status_code == 400 and bad.json()["response"] == "ERROR_FAIL"
    assert register(bearer, key).json()["upn"] == d.user
    grant = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "username": d.user}
    prt, session = d.prt(**grant, assertion=assertion(d, key))
    tokens = decrypt(d.post(by_session(session, renewal(prt, client_id=BROKER, scope="openid", resource="https://graph.microsoft.com"))), session)
    assert {"mfa", "rsa"} <= set(claims(tokens["access_token"])["amr"])
    used = assertion(d, key)
    d.prt(**grant, assertion=used)
    for code, wrong in ((140000, used), (130004, assertion(d, new_key())), (130005, assertion(d, key, use="other")),
                        (140000, assertion(d, key, challenge="mine"))):
        refused(code, d.prt, **grant, assertion=wrong)
    stolen = assertion(d, key).split(".")
    other = assertion(d, new_key()).split(".")
    refused(130005, d.prt, **grant, assertion=".".join((stolen[0], stolen[1], other[2])))
    ctl("clock", "skew", 700)
    try:
        refused(500133, d.prt, **grant, assertion=assertion(d, key))
        flow, answer = authorize(d, credentials(d, prt, session), amr_values="ngcmfa", resource="urn:ms-drs:enterpriseregistration.windows.net")
        assert '"pgid":"ConvergedTFA"' in answer.text  # the second factor is no longer fresh
    finally:
        ctl("clock", "skew", 0)


@case
def device_gone():
    """unknown device just after joining, disabled, deleted; user disabled, revoked, deleted"""
    d = Device(user("gone", "PhoneAppNotification"))
    ctl("setting", "device-unknown-count", 0)
    prt, session = d.prt()
    ctl("device", "disable", d.id)
    refused(135011, d.prt)
    refused(135011, d.post, by_session(session, renewal(prt)))
    ctl("device", "enable", d.id)
    ctl("user", "disable", d.user)
    refused(50057, d.prt)
    refused(50057, d.post, by_session(session, renewal(prt)))
    ctl("user", "enable", d.user)
    ctl("revoke", d.user)
    refused(50173, d.post, by_session(session, renewal(prt)))
    refused(50173, d.prt)
    ctl("device", "del", d.id)
    refused(50155, d.prt)
