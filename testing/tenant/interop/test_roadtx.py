"""roadtx, unmodified, by its command line: devices, PRTs, Hello keys."""

import json
import os
import subprocess
import sys
from pathlib import Path

from cases import case
from signin import BROKER, BROKER_REDIRECT, SignIn, ctl

TENANT = "0pndv.onmicrosoft.com"
USER = "user02@" + TENANT
DRS = "urn:ms-drs:enterpriseregistration.windows.net"


def roadtx(*arguments, fails=False):
    done = subprocess.run([Path(sys.executable).parent / "roadtx", *arguments], capture_output=True, text=True)
    text = done.stdout + done.stderr
    if not fails:
        assert "Traceback" not in text, text
        assert done.returncode == 0 and "AADSTS" not in text and "Error" not in text, text
    return text


def tokens():
    return json.loads(Path(".roadtools_auth").read_text())


def ngcmfa_refresh_token():
    """As after an interactive sign-in in a browser, which roadtx would drive with Selenium."""
    flow = SignIn(TENANT, amr_values="ngcmfa", resource=DRS).open()
    flow.password(USER, "Passw0rd!")
    return flow.redeem(flow.push())


@case
def roadtx_device_code():
    """device code by a user who signs in on the page, second factor forced"""
    process = subprocess.Popen(
        [Path(sys.executable).parent / "roadtx", "gettokens", "--device-code", "-c", BROKER, "-r", DRS,
         "--force-ngcmfa"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"})  # or the code stays with it until it has expired
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "enter the code" in line:
            code = line.split("enter the code ")[1].split()[0]
            browser = SignIn(TENANT)
            answer = browser.http.post("https://login.microsoftonline.com/common/oauth2/deviceauth", {"otc": code})
            from signin import config
            browser.page = config(answer.text)
            assert browser.password(USER, "Passw0rd!") is None
            begun = browser.begin("PhoneAppNotification")
            ctl("phone", "approve", USER, "--number", begun["Entropy"])
            ended = browser.poll()
            done = browser.http.post(browser.page["urlPost"], {
                "request": ended["Ctx"], "mfaAuthMethod": "PhoneAppNotification", "login": USER,
                "flowToken": ended["FlowToken"], "canary": browser.page["canary"]})
            assert "You have signed in" in done.text
    assert process.wait() == 0, lines
    assert tokens()["refreshToken"]


@case
def roadtx_join():
    """join a device with the token of the device code"""
    roadtx("device", "-a", "join", "-n", "roadjoin", "-d", TENANT)
    assert Path("roadjoin.pem").exists() and "name=roadjoin" in ctl("device", "list")


@case
def roadtx_prt_by_refresh_token():
    """PRT by refresh token, tokens from it, for v1 resources and v2 scopes"""
    roadtx("prt", "-c", "roadjoin.pem", "-k", "roadjoin.key", "-r", ngcmfa_refresh_token()["refresh_token"], "-t", TENANT)
    assert json.loads(Path("roadtx.prt").read_text())["session_key"]
    roadtx("prtauth", "-c", BROKER, "-r", "msgraph", "-t", TENANT)
    assert tokens()["accessToken"]
    text = roadtx("describe")
    assert USER in text, text


@case
def roadtx_prt_renew():
    """PRT renewed with itself, the session key carried over"""
    before = json.loads(Path("roadtx.prt").read_text())
    roadtx("prt", "-a", "renew")
    after = json.loads(Path("roadtx.prt").read_text())
    assert after["refresh_token"] != before["refresh_token"] and after["session_key"] == before["session_key"]
    roadtx("prtauth", "-c", BROKER, "-r", "msgraph", "-t", TENANT)


@case
def roadtx_prt_cookie():
    """PRT cookie redeemed for tokens at the authorize endpoint"""
    prt = json.loads(Path("roadtx.prt").read_text())
    roadtx("gettokens", "--prt", prt["refresh_token"], "--prt-sessionkey", prt["session_key"],
           "-c", "1b730954-1685-4b74-9bfd-dac224a7b894", "-r", "msgraph")
    roadtx("gettokens", "--prt", prt["refresh_token"], "--prt-sessionkey", prt["session_key"], "--kdf-v1",
           "-c", "1b730954-1685-4b74-9bfd-dac224a7b894", "-r", "msgraph")


@case
def roadtx_hello():
    """Hello key registered with a fresh second factor on a device, then PRT by Hello key"""
    roadtx("prtauth", "-c", BROKER, "-r", DRS, "-t", TENANT)
    text = roadtx("winhello", "-k", "hello.key", fails=True)
    assert "ngcmfa" in text or "401" in text or "fresh" in text, text
    flow = SignIn(TENANT, redirect=BROKER_REDIRECT, amr_values="ngcmfa", resource=DRS)
    flow.query.pop("prompt", None)
    token = prt_authorize(flow)
    roadtx("winhello", "-k", "hello.key", "--access-token", token)
    roadtx("prt", "-hk", "hello.key", "-u", USER, "-c", "roadjoin.pem", "-k", "roadjoin.key", "-f", "hello.prt", "-t", TENANT)
    roadtx("prtauth", "-f", "hello.prt", "-c", BROKER, "-r", "msgraph", "-t", TENANT)


def prt_authorize(flow):
    """roadlib makes the cookie; roadtx itself would show it to a browser."""
    import urllib.parse
    from roadtools.roadlib.auth import Authentication
    prt = json.loads(Path("roadtx.prt").read_text())
    auth = Authentication()
    cookie = auth.create_prt_cookie_kdf_ver_2(prt["refresh_token"], bytes.fromhex(prt["session_key"]))
    query = {"client_id": BROKER, "response_type": "code", "redirect_uri": BROKER_REDIRECT, "resource": DRS,
             "amr_values": "ngcmfa"}
    answer = flow.http.get(f"https://login.microsoftonline.com/{TENANT}/oauth2/authorize", params=query,
                           headers={"x-ms-RefreshTokenCredential": cookie}, allow_redirects=False)
    code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer.headers["Location"]).query))["code"]
    return flow.redeem(code)["access_token"]


@case
def roadtx_prt_by_password():
    """PRT by password; a wrong one is refused with 50126"""
    ctl("user", "add", "road-single@" + TENANT, "--password", "Passw0rd!")
    roadtx("prt", "-u", "road-single@" + TENANT, "-p", "Passw0rd!", "-c", "roadjoin.pem", "-k", "roadjoin.key",
           "-f", "password.prt", "-t", TENANT)
    text = roadtx("prt", "-u", "road-single@" + TENANT, "-p", "wrong", "-c", "roadjoin.pem", "-k", "roadjoin.key",
                  "-f", "wrong.prt", "-t", TENANT, fails=True)
    assert "AADSTS50126" in text, text


@case
def roadtx_revoked():
    """a revoked PRT, a disabled and a deleted device: refused with the real numbers"""
    ctl("revoke", USER)
    assert "AADSTS50173" in roadtx("prtauth", "-f", "hello.prt", "-c", BROKER, "-r", "msgraph", fails=True)
    request = ("prt", "-u", "road-single@" + TENANT, "-p", "Passw0rd!", "-c", "roadjoin.pem", "-k", "roadjoin.key",
               "-f", "again.prt", "-t", TENANT)
    ctl("device", "disable", "roadjoin")
    assert "AADSTS135011" in roadtx(*request, fails=True)
    ctl("device", "enable", "roadjoin")
    roadtx("device", "-a", "delete", "-c", "roadjoin.pem", "-k", "roadjoin.key")
    assert "roadjoin" not in ctl("device", "list")
    assert "AADSTS50155" in roadtx(*request, fails=True)


@case
def roadtx_refresh():
    """refresh token of one family member redeemed for another resource"""
    flow = ngcmfa_refresh_token()
    roadtx("gettokens", "--refresh-token", flow["refresh_token"], "-c", BROKER, "-r", "msgraph")
    assert tokens()["accessToken"]
    os.remove(".roadtools_auth")
