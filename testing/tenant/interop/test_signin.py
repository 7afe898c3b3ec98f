"""Every way to sign in on the pages, and every way to be refused there."""

import base64
import hashlib
import json
import os
import struct

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

import requests

from cases import case, refused
from signin import BROKER, LOGIN, SignIn, config, ctl, token

TENANT = "example.onmicrosoft.com"
PASSWORD = "Passw0rd!"


def user(alias, mfa="", *more):
    name = f"{alias}@{TENANT}"
    ctl("user", "add", name, "--password", PASSWORD, *(["--mfa", mfa] if mfa else []), *more)
    return name


def claims(jwt):
    return json.loads(base64.urlsafe_b64decode(jwt.split(".")[1] + "=="))


def begun(name, method, **query):
    flow = SignIn(TENANT, **query).open()
    assert flow.password(name, PASSWORD) is None
    assert flow.page["pgid"] == "ConvergedTFA"
    return flow, flow.begin(method)


@case
def page_push():
    """push with number match: amr says what happened, ngcmfa only when asked for"""
    name = user("push", "PhoneAppNotification,CompanionAppsNotification")
    for query, fresh in (({"amr_values": "ngcmfa"}, True), ({}, False)):
        flow = SignIn(TENANT, **query).open()
        flow.password(name, PASSWORD)
        assert [p["authMethodId"] for p in flow.page["arrUserProofs"] if p["isDefault"]] == ["PhoneAppNotification"]
        amr = claims(flow.redeem(flow.push())["access_token"])["amr"]
        assert "mfa" in amr and ("ngcmfa" in amr) == fresh, amr


@case
def page_push_refused():
    """denied, wrong number, no answer, two at once, approved but never polled"""
    name = user("pushno", "PhoneAppNotification")
    flow, answer = begun(name, "PhoneAppNotification")
    second, duplicate = begun(name, "PhoneAppNotification")
    assert duplicate["ResultValue"] == "UserAuthFailedDuplicateRequest" and duplicate["ErrCode"] == 500121
    ctl("phone", "deny", name)
    assert flow.poll()["ResultValue"] == "PhoneAppDenied"
    flow, answer = begun(name, "PhoneAppNotification")
    wrong = 10 + (answer["Entropy"] - 9) % 90
    assert "wrong number" in ctl("phone", "approve", name, "--number", wrong)
    ended = flow.poll()
    assert ended["ResultValue"] == "PhoneAppEntropyIncorrect" and not ended["Retry"]
    refused(500121, flow.process, ended)
    flow, answer = begun(name, "PhoneAppNotification")
    ctl("clock", "skew", 61)
    try:
        assert flow.poll()["ResultValue"] == "PhoneAppNoResponse"
    finally:
        ctl("clock", "skew", 0)
    flow, answer = begun(name, "PhoneAppNotification")
    ctl("phone", "approve", name, "--number", answer["Entropy"])
    refused(500121, flow.process, answer)
    assert "nothing is pending" in ctl("phone", "approve", name, "--number", 11, check=False)


@case
def page_codes():
    """codes by text message and by authenticator: right, wrong, twice, too often"""
    name = user("codes", "OneWaySMS,PhoneAppOTP,ConsolidatedTelephony")
    flow, answer = begun(name, "OneWaySMS")
    assert answer["Entropy"] == 0
    wrong = flow.code("000000")
    assert wrong["ResultValue"] == "SMSAuthFailedWrongCodeEntered" and wrong["Retry"] and wrong["Message"]
    code = ctl("sms", name).splitlines()[-1].split("code=")[1]
    assert flow.process(flow.code(code))
    flow, answer = begun(name, "ConsolidatedTelephony")
    code = ctl("sms", name).splitlines()[-1].split("code=")[1]
    assert flow.process(flow.code(code), "OneWaySMS")
    flow, answer = begun(name, "PhoneAppOTP")
    code = ctl("otp", name)
    assert flow.process(flow.code(code))
    flow, answer = begun(name, "PhoneAppOTP")
    assert flow.code(code)["ResultValue"] == "OathCodeDuplicate"
    flow.code("000000")
    assert flow.code("000000")["ResultValue"] == "OathCodeFailedMaxAllowedRetryReached"
    assert not flow.code(ctl("otp", name))["Success"]


@case
def page_voice():
    """a call that is answered, and one that is hung up"""
    name = user("voice", "TwoWayVoiceMobile,TwoWayVoiceOffice")
    flow, answer = begun(name, "TwoWayVoiceMobile")
    ctl("phone", "approve", name)
    assert flow.process(flow.poll())
    flow, answer = begun(name, "TwoWayVoiceOffice")
    ctl("phone", "deny", name)
    assert flow.poll()["ResultValue"] == "UserVoiceAuthFailedPhoneHungUp"


def access_pass(flow, name, value):
    field = "request" if "ProcessAuth" in flow.page["urlPost"] else "ctx"
    return flow.post(flow.page["urlPost"], {
        "login": name, "loginfmt": name, "accesspass": value, "canary": flow.page["canary"],
        "hpgrequestid": flow.page["sessionId"], "flowToken": flow.page["sFT"], field: flow.page["sCtx"]})


@case
def page_access_pass():
    """Temporary Access Pass as first and as second factor; none, wrong, used, expired"""
    name = user("tap", "PhoneAppNotification")
    refused(130502, access_pass, SignIn(TENANT).open(), name, "x")
    value = ctl("tap", name)
    flow = SignIn(TENANT, amr_values="ngcmfa").open()
    offer = flow.credential_type(name)["Credentials"]
    assert offer["HasAccessPass"] and offer["PrefCredential"] == 13
    refused(130503, access_pass, SignIn(TENANT).open(), name, value + "x")
    assert "ngcmfa" in claims(flow.redeem(access_pass(flow, name, value))["access_token"])["amr"]
    refused(130505, access_pass, SignIn(TENANT).open(), name, value)
    value = ctl("tap", name, "--minutes", -1)
    refused(130504, access_pass, SignIn(TENANT).open(), name, value)
    value = ctl("tap", name)
    flow = SignIn(TENANT).open()
    flow.password(name, PASSWORD)
    assert flow.page["arrUserProofs"][0]["authMethodId"] == "AccessPass"
    assert access_pass(flow, name, value)


@case
def page_phone_sign_in():
    """passwordless phone sign-in, approved, denied, and submitted without approval"""
    name = user("rngc", "RemoteNGC,PhoneAppNotification")

    def start():
        flow = SignIn(TENANT).open()
        offer = flow.credential_type(name)["Credentials"]
        assert offer["PrefCredential"] == 2 and offer["HasRemoteNGC"]
        body = {"Channel": "Authenticator", "FlowToken": flow.page["sFT"],
                "OldDeviceCode": offer["RemoteNgcParams"]["SessionIdentifier"], "OriginalRequest": flow.page["sCtx"]}
        answer = flow.http.post(flow.page["urlGetOneTimeCode"], json=body, headers={"Canary": flow.page["canary"]})
        return flow, answer.json()["RemoteNgcParams"]

    def state(flow, params):
        session = params["SessionIdentifier"]
        return flow.http.post(flow.page["urlSessionState"], params={"code": session}, json={"DeviceCode": session},
                              headers={"canary": flow.page["canary"]}).json()["AuthorizationState"]

    def submit(flow, params):
        return flow.post(flow.page["urlPost"], {
            "code": params["SessionIdentifier"], "psRNGCSLK": params["SessionIdentifier"], "login": name,
            "loginfmt": name, "psRNGCEntropy": params["Entropy"], "flowToken": flow.page["sFT"],
            "canary": flow.page["canary"], "ctx": flow.page["sCtx"]})

    flow, params = start()
    assert state(flow, params) == 0
    ctl("phone", "approve", name, "--number", params["Entropy"])
    assert state(flow, params) == 2
    assert "mfa" in claims(flow.redeem(submit(flow, params))["access_token"])["amr"]
    flow, params = start()
    ctl("phone", "deny", name)
    assert state(flow, params) == 1
    flow, params = start()
    refused(500121, submit, flow, params)
    ctl("phone", "deny", name)


def b64u(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Passkey:
    def __init__(self, name):
        self.key, self.id, self.counter = ec.generate_private_key(ec.SECP256R1()), os.urandom(16), 0
        spki = self.key.public_key().public_bytes(serialization.Encoding.DER,
                                                  serialization.PublicFormat.SubjectPublicKeyInfo)
        ctl("passkey", "add", name, "--credential-id", base64.b64encode(self.id).decode(),
            "--public-key", base64.b64encode(spki).decode())

    def assertion(self, challenge, origin="https://login.microsoft.com", rp="login.microsoft.com", flags=5):
        self.counter += 1
        data = hashlib.sha256(rp.encode()).digest() + struct.pack(">BI", flags, self.counter)
        client = json.dumps({"challenge": b64u(challenge.encode()), "origin": origin, "type": "webauthn.get"},
                            separators=(",", ":")).encode()
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return json.dumps({"authenticatorData": b64u(data), "clientDataJSON": b64u(client), "id": b64u(self.id),
                           "signature": b64u(signature), "userHandle": ""}, separators=(",", ":"))


def challenge(flow, name, credential):
    page, form = flow.page, {}
    form.update(flow="mfa", allowedIdentities=page["iAllowedIdentities"], canary=page["sFT"],
                serverChallenge=page["sFT"], postBackUrl=page["urlPost"], postBackUrlAad=page["urlPost"],
                cancelUrl=page["urlResume"], resumeUrl=page["urlResume"], correlationId=flow.correlation,
                credentialsJson=credential, ctx=page["sCtx"], username=name, loginCanary=page["canary"])
    answer = requests.post(page["urlFidoLogin"], data=form)  # another host: no cookies of this one
    assert page["urlFidoLogin"].startswith("https://login.microsoft.com/")
    return config(answer.text)


def passkey_post(flow, fido, assertion):
    # Raw, as the reference client sends this one form.
    body = (f'type=23&ps=23&assertion={assertion}&lmcCanary={fido["sCrossDomainCanary"]}'
            f'&hpgrequestid={fido["sessionId"]}&ctx={flow.page["sCtx"]}&canary={flow.page["canary"]}'
            f'&flowToken={flow.page["sFT"]}')
    return flow.post(flow.page["urlPost"], body)


@case
def page_passkey():
    """passkey as first and second factor; wrong origin, party, key, presence, and a replay"""
    name = user("fido", "FidoKey,PhoneAppNotification")
    key = Passkey(name)
    flow = SignIn(TENANT, amr_values="ngcmfa").open()
    offer = flow.credential_type(name)["Credentials"]
    assert offer["PrefCredential"] == 7 and offer["HasFido"]
    fido = challenge(flow, name, offer["FidoParams"]["AllowList"][0])
    good = key.assertion(fido["sFidoChallenge"])
    code = passkey_post(flow, fido, good)
    assert {"fido", "mfa", "ngcmfa"} <= set(claims(flow.redeem(code)["access_token"])["amr"])
    flow = SignIn(TENANT).open()
    flow.password(name, PASSWORD)
    fido = challenge(flow, name, flow.page["arrFidoAllowList"][0])
    assert passkey_post(flow, fido, key.assertion(fido["sFidoChallenge"]))
    allow = base64.b64encode(key.id).decode()
    # As a first factor presence (1) is not enough: the user has to be verified (4).
    for wrong in ({"origin": "https://login.microsoftonline.com"}, {"rp": "example.org"}, {"flags": 0}, {"flags": 1}):
        flow = SignIn(TENANT).open()
        fido = challenge(flow, name, allow)
        refused(500121, passkey_post, flow, fido, key.assertion(fido["sFidoChallenge"], **wrong))
    flow = SignIn(TENANT).open()
    fido = challenge(flow, name, allow)
    refused(500121, passkey_post, flow, fido, good)
    # After a password it is.
    flow = SignIn(TENANT).open()
    flow.password(name, PASSWORD)
    fido = challenge(flow, name, flow.page["arrFidoAllowList"][0])
    assert passkey_post(flow, fido, key.assertion(fido["sFidoChallenge"], flags=1))
    # A second one under the same credential id is refused, whoever's it is.
    spki = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    for owner in (name, user("fido3", "FidoKey")):
        try:
            ctl("passkey", "add", owner, "--credential-id", allow, "--public-key", base64.b64encode(spki).decode())
        except Exception as refusal:
            assert "credential id" in str(refusal), refusal
        else:
            raise AssertionError("two passkeys under one credential id")
    # No flow token is shown in the log of requests.
    shown = ctl("requests", "--json")
    assert "/fido/get" in str(shown) and flow.page["sFT"] not in str(shown)
    other = Passkey(user("fido2", "FidoKey"))
    other.id = key.id
    flow = SignIn(TENANT).open()
    fido = challenge(flow, name, allow)
    refused(500121, passkey_post, flow, fido, other.assertion(fido["sFidoChallenge"]))


@case
def page_single_factor():
    """a user without a second factor: straight in, unless one is demanded"""
    name = user("single")
    flow = SignIn(TENANT).open()
    tokens = flow.redeem(flow.password(name, PASSWORD))
    assert claims(tokens["access_token"])["amr"] == ["pwd"]
    flow = SignIn(TENANT, amr_values="ngcmfa").open()
    refused(50072, flow.password, name, PASSWORD)
    assert flow.page["pgid"] == "ConvergedProofUpRedirect"
    refused(50072, token, TENANT, {
        "client_id": BROKER, "grant_type": "refresh_token", "refresh_token": tokens["refresh_token"],
        "scope": "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9/.default"}, v2=True)


@case
def page_proof_up_and_kmsi():
    """registration that may be skipped, and the question whether to stay signed in"""
    name = user("skipper")
    ctl("setting", "proof-up-days", 3)
    ctl("setting", "kmsi", "true")
    try:
        flow = SignIn(TENANT, amr_values="ngcmfa").open()
        assert flow.password(name, PASSWORD) is None
        assert flow.page["iRemainingDaysToSkipMfaRegistration"] == 3
        assert flow.post(flow.page["urlPost"], {
            "LoginOptions": "1", "ctx": flow.page["sCtx"], "flowToken": flow.page["sFT"],
            "canary": flow.page["canary"]}) is None
        assert flow.page["pgid"] == "KmsiInterrupt"
        assert flow.post(flow.page["urlPost"], {
            "LoginOptions": "1", "ctx": flow.page["sCtx"], "flowToken": flow.page["sFT"],
            "canary": flow.page["canary"]})
    finally:
        ctl("setting", "proof-up-days", -1)
        ctl("setting", "kmsi", "false")


@case
def page_password_expired():
    """an expired password: changed on the page, weak ones refused, the old one gone"""
    name = user("expired", "", "--password-expired")
    flow = SignIn(TENANT).open()
    assert flow.password(name, PASSWORD) is None
    assert flow.page["pgid"] == "ConvergedChangePassword"

    def change(new):
        state = {"Ctx": flow.page["sCtx"], "FlowToken": flow.page["sFT"]}
        answer = flow.http.post(flow.page["urlAsyncSsprBegin"], json={
            **state, "OldPassword": PASSWORD, "NewPassword": new}).json()
        assert answer["IsJobPending"]
        return flow.http.post(flow.page["urlAsyncSsprPoll"], json=answer).json()

    assert change("weak")["ErrorMessage"] == "PasswordTooWeak"
    answer = change("New-Horse-8")
    assert answer["ErrorMessage"] is None and not answer["IsJobPending"]
    ended = flow.http.post(flow.page["urlPost"], json={
        "Ctx": answer["Ctx"], "FlowToken": answer["FlowToken"], "currentpasswd": PASSWORD,
        "confirmnewpasswd": "New-Horse-8", "canary": flow.page["canary"]})
    assert ended.status_code == 200 and "sErrorCode" not in ended.text
    assert SignIn(TENANT).open().password(name, "New-Horse-8")
    refused(50126, SignIn(TENANT).open().password, name, PASSWORD)


@case
def page_password_refused():
    """wrong password, unknown, disabled, foreign tenant, locked after ten"""
    name = user("wrong")
    refused(50126, SignIn(TENANT).open().password, name, "nope")
    refused(50034, SignIn(TENANT).open().password, "nobody@" + TENANT, PASSWORD)
    assert SignIn(TENANT).open().credential_type("nobody@" + TENANT)["IfExistsResult"] == 1
    refused(50020, SignIn(TENANT).open().password, "user01@0pndv.onmicrosoft.com", PASSWORD)
    ctl("user", "disable", name)
    refused(50057, SignIn(TENANT).open().password, name, PASSWORD)
    ctl("user", "enable", name)
    for _ in range(10):
        refused(50126, SignIn(TENANT).open().password, name, "nope")
    refused(50053, SignIn(TENANT).open().password, name, PASSWORD)


@case
def page_request_refused():
    """unknown tenant, client, redirect, resource, response type; forms of another flow"""
    refused(90002, SignIn("nowhere.example").open)
    refused(700016, SignIn(TENANT, client="00000000-1111-2222-3333-444444444444").open)
    refused(50011, SignIn(TENANT, redirect="msauth://evil").open)
    for query, code in (({"resource": "https://nowhere.example"}, "AADSTS500011"), ({"response_type": "token"}, "AADSTS70005")):
        answer = requests.get(f"{LOGIN}/{TENANT}/oauth2/authorize", allow_redirects=False, params={
            "client_id": BROKER, "response_type": "code", "redirect_uri": "msauth://Microsoft.AAD.BrokerPlugin", **query})
        assert answer.status_code == 302 and code in answer.headers["Location"], answer.headers
    one, two = SignIn(TENANT).open(), SignIn(TENANT).open()
    canary = one.page["canary"]
    one.page["canary"] = two.page["canary"]
    refused(165000, one.password, "user01@" + TENANT, PASSWORD)
    one = SignIn(TENANT).open()
    one.page["sCtx"] = two.page["sCtx"]
    refused(165000, one.password, "user01@" + TENANT, PASSWORD)
    one = SignIn(TENANT).open()
    one.http.cookies.clear()
    refused(165000, one.password, "user01@" + TENANT, PASSWORD)
    one = SignIn(TENANT).open()
    ctl("clock", "skew", 700)
    try:
        refused(50089, one.password, "user01@" + TENANT, PASSWORD)
    finally:
        ctl("clock", "skew", 0)
    assert canary


@case
def page_code_refused():
    """a code: twice, expired, other redirect, client or tenant, wrong PKCE verifier"""
    name = user("coder")

    def fresh(**query):
        flow = SignIn(TENANT, **query).open()
        return flow, flow.password(name, PASSWORD)

    flow, code = fresh()
    flow.redeem(code)
    refused(54005, flow.redeem, code)
    flow, code = fresh()
    refused(50011, flow.redeem, code, redirect_uri="ms-aadj-redir://auth/drs")
    refused(70000, flow.redeem, code, client_id="1fec8e78-bce4-4aaf-ab1b-5451cc387264")
    flow.tenant = "0pndv.onmicrosoft.com"
    refused(700005, flow.redeem, code)
    flow, code = fresh()
    ctl("clock", "skew", 700)
    try:
        refused(70008, flow.redeem, code)
    finally:
        ctl("clock", "skew", 0)
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    pkce = {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"}
    flow, code = fresh(**pkce)
    refused(501481, flow.redeem, code, code_verifier="wrong" * 10)
    flow.redeem(code, code_verifier=verifier)
