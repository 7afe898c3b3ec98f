"""acquireTokenInteractively: when the user is asked, what they see, and how it ends."""

import json
import os
import pwd
import struct
import threading
import time
import unittest

import wire
from broker_case import TOKEN, BrokerCase, error_of
from bus import Refused

DEMANDS = json.dumps({"authParameters": {"prompt": "login"}})
USER = pwd.getpwuid(os.getuid()).pw_name
METHOD = "acquireTokenInteractively"


class SignInCase(BrokerCase):
    environment = {"DISPLAY": ":99"}

    def setUp(self):
        super().setUp()
        self.asked, self.started, self.ended = [], [], []
        self.signed_in = False

    def tokens_after_sign_in(self, method, request):
        self.asked.append(method)
        return TOKEN if self.signed_in else error_of("AADSTS50076: sign in")

    def conversation(self, talk):
        """talk(peer) is what follows HEARD; whatever happens, the connection's end is seen."""

        def script(peer):
            kind, fields = peer.receive()
            self.assertEqual(kind, wire.START)
            self.started.append(fields)
            peer.send(wire.frame(wire.HEARD))
            try:
                talk(peer)
            finally:
                self.ended.append(True)

        return self.serve("socket", script)

    def accept(self, peer, pin=b"1234"):
        self.assertEqual(peer.ask(wire.hidden("PIN: ", keep=1)), (wire.ANSWER, [pin]))
        self.signed_in = True
        peer.send(wire.end(0, USER))

    def refusal(self, request="{}", client=None, **more):
        with self.assertRaises(Refused) as refused:
            (client or self.client).ask(METHOD, request, **more)
        self.assertEqual(refused.exception.name, "org.freedesktop.DBus.Error.Failed")
        return refused.exception.text


class Asks(SignInCase):
    def test_no_prompt_when_the_token_can_be_had(self):
        self.signed_in = True
        self.daemon(self.tokens_after_sign_in)
        self.assertEqual(self.client.ask(METHOD, '{"authParameters":{"prompt":"none","decodedClaims":""}}'), TOKEN)
        self.assertEqual((self.asked, self.prompts()), (["acquireTokenSilently"], 0))

    def test_pin_then_token(self):
        self.daemon(self.tokens_after_sign_in)
        self.conversation(self.accept)
        self.user_says("D 1234\nOK\n")
        self.assertEqual(self.client.ask(METHOD), TOKEN)
        self.assertEqual(self.asked, ["acquireTokenSilently", METHOD])
        op, user, service, tty, rhost, _, _, _, authtok, caller = self.started[0][:10]
        self.assertEqual((struct.unpack("<I", op)[0], user.decode(), service, tty, rhost, authtok, struct.unpack("<I", caller)[0]),
                         (1, USER, b"broker-interactive", b"", b"", b"", os.getuid()))
        self.assertIn("SETPROMPT PIN: \nGETPIN\n", self.read("pinentry.log"))
        self.assertNotIn("1234", self.read("broker.log"))

    def test_prompt_and_claims_ask_first(self):
        self.daemon(self.tokens_after_sign_in)
        self.conversation(self.accept)
        self.user_says("D 1234\nOK\n")
        for number, parameters in enumerate(({"prompt": "login"}, {"prompt": "select_account"}, {"decodedClaims": '{"access_token":{}}'}), 1):
            self.signed_in = True
            self.asked.clear()
            self.assertEqual(self.client.ask(METHOD, json.dumps({"authParameters": parameters})), TOKEN)
            self.assertEqual((self.asked, len(self.started)), ([METHOD], number))

    def test_errors_that_no_sign_in_mends(self):
        said = [error_of("The directory did not answer in time"), error_of("Invalid request for user!"), error_of("Unable to find account"),
                error_of("no network", 3), '{"error":{"context":"Failed to authenticate user"}}', "{}", "nonsense"]
        replies = iter(said)
        self.daemon(lambda method, request: next(replies))
        for reply in said:
            self.assertEqual(self.client.ask(METHOD), reply)
        self.daemons[-1].stop()
        self.assertIn("is not running", self.refusal())
        self.assertEqual((self.prompts(), self.started), (0, []))

    def test_errors_that_a_sign_in_may_mend(self):
        self.conversation(self.accept)
        self.user_says("D 1234\nOK\n")
        for error in (error_of("Failed to authenticate user"), error_of("AADSTS50076"), error_of("Entra said: AADSTS700082: expired"), error_of("x", 2)):
            daemon = self.daemon(lambda method, request, error=error: TOKEN if method == METHOD else error)
            self.assertEqual(self.client.ask(METHOD), TOKEN)
            daemon.stop()
        self.assertEqual(len(self.started), 4)

    def test_answer_passes_letter_for_letter(self):
        self.daemon(self.tokens_after_sign_in)
        self.conversation(lambda peer: self.accept(peer, "a%b\nä 0 ".encode()))
        self.user_says("D a%25b%0A\nD ä 0 \nOK\n")
        self.assertEqual(self.client.ask(METHOD), TOKEN)

    def test_texts_are_shown_with_the_question(self):
        def talk(peer):
            peer.send(wire.say("[FIDO_TOUCH] Touch it"))
            peer.send(wire.say("▀▄█ ▀\n▄▄▄▄▄"))
            peer.send(wire.say("100 % sure"))
            self.accept(peer)

        self.daemon(self.tokens_after_sign_in)
        self.conversation(talk)
        self.user_says("D 1234\nOK\n")
        self.assertEqual(self.client.ask(METHOD), TOKEN)
        self.assertIn("SETDESC Touch it%0A100 %25 sure\n", self.read("pinentry.log"))

    def test_long_text_is_cut_between_characters(self):
        def talk(peer):
            peer.ask(wire.hidden("€" * 1000))
            peer.send(wire.end(7))

        self.daemon(self.tokens_after_sign_in)
        self.conversation(talk)
        self.user_says("OK\n")
        self.assertIn("PAM_AUTH_ERR", self.refusal())
        self.assertLess(max(len(line.encode()) for line in self.read("pinentry.log").splitlines()), 1001)

    def test_text_without_a_question_is_shown_and_goes(self):
        """A number to confirm on a phone."""
        shown = threading.Event()

        def talk(peer):
            peer.send(wire.say("Enter 42 on the phone"))
            self.assertTrue(shown.wait(20))
            self.signed_in = True
            peer.send(wire.end(0, USER))

        self.daemon(self.tokens_after_sign_in)
        self.conversation(talk)
        serial = self.client.call(METHOD)
        self.wait_for(lambda: "SETDESC Enter 42 on the phone\nCONFIRM\n" in self.read("pinentry.log"), "no window")
        shown.set()
        self.assertEqual(self.client.result(serial), TOKEN)
        self.assertNotIn("END", self.read("pinentry.log"))  # the window was closed, not answered

    def test_pages_of_the_sign_in_are_opened(self):
        def talk(peer):
            for text in ("http://login.microsoftonline.com/x", "https://evil.example/", "Go to https://microsoft.com/devicelogin, enter ABC", "https://login.microsoftonline.com/second"):
                peer.send(wire.say(text))
            self.accept(peer)

        self.daemon(self.tokens_after_sign_in)
        self.conversation(talk)
        self.user_says("D 1234\nOK\n")
        self.assertEqual(self.client.ask(METHOD), TOKEN)
        self.wait_for(lambda: self.read("opened"), "no page was opened")
        self.assertEqual(self.read("opened"), "https://microsoft.com/devicelogin\n")


class Ends(SignInCase):
    def test_refused(self):
        def talk(peer):
            self.assertEqual(peer.ask(wire.hidden("PIN: "))[0], wire.ANSWER)
            peer.send(wire.say("The PIN is wrong."))
            peer.send(wire.end(7))

        self.daemon(self.tokens_after_sign_in)
        self.conversation(talk)
        self.user_says("D 0000\nOK\n")
        self.assertEqual(self.refusal(), "the sign-in failed (PAM_AUTH_ERR): The PIN is wrong.")
        self.assertEqual(self.asked, ["acquireTokenSilently"])

    def test_cancelled_by_the_user(self):
        self.daemon(self.tokens_after_sign_in)
        self.conversation(self.accept)
        for number, says in enumerate(("ERR 83886179 Operation cancelled <Pinentry>\n", "ERR 83886194 not confirmed\n"), 1):
            self.user_says(says)
            self.assertEqual(self.refusal(), "the sign-in was cancelled")
            self.wait_for(lambda number=number: len(self.ended) == number, "the conversation goes on")

    def test_pinentry_that_cannot_ask(self):
        self.daemon(self.tokens_after_sign_in)
        self.conversation(self.accept)
        for says in ("ERR 83918950 no tty\n", "INQUIRE QUALITY x\n", "nonsense\n", "D " + "x" * 990 + "\n" + "D " + "x" * 2000 + "\nOK\n", ("D " + "x" * 990 + "\n") * 5 + "OK\n", ""):
            self.user_says(says)
            self.assertIn("pinentry cannot ask the user", self.refusal())
        os.unlink(f"{self.folder}/bin/pinentry")
        self.write_program("pinentry", "#!/bin/sh\nexit 2\n")
        self.assertIn("pinentry cannot ask the user", self.refusal())
        self.assertIsNone(self.client.ping())

    def test_daemon_goes_away(self):
        self.daemon(self.tokens_after_sign_in)
        self.conversation(lambda peer: peer.send(wire.hidden("PIN: ")))
        self.assertIn("closed the connection", self.refusal())

    def test_sign_in_socket_missing_or_malformed(self):
        self.daemon(self.tokens_after_sign_in)
        self.assertIn("is not running", self.refusal())
        self.conversation(lambda peer: peer.send(b"\x09\0\0\0\x01\x22\x01\0\xff\xff\xff\xff\0"))
        self.assertIn("violated the protocol", self.refusal())
        self.assertEqual(self.prompts(), 0)

    def test_success_that_names_no_account_is_none(self):
        self.daemon(self.tokens_after_sign_in)
        self.conversation(lambda peer: peer.send(wire.end(0, "")))
        self.assertIn("violated the protocol", self.refusal())
        self.assertEqual(self.asked, ["acquireTokenSilently"])

    def test_question_given_up_by_the_daemon(self):
        def talk(peer):
            peer.send(wire.hidden("PIN: "))
            self.wait_for(self.prompts, "no window")
            peer.send(wire.end(7))

        self.daemon(self.tokens_after_sign_in)
        self.conversation(talk)
        self.assertIn("PAM_AUTH_ERR", self.refusal())

    def test_cancel_ends_the_flow_of_the_same_caller_only(self):
        self.daemon(self.tokens_after_sign_in)
        self.conversation(self.accept)
        serial = self.client.call(METHOD, correlation="AB-1")
        self.wait_for(self.prompts, "no window")
        other = self.new_client()
        for client, correlation in ((other, "ab-1"), (self.client, "ab-2")):
            self.assertIn("error", json.loads(client.ask("cancelInteractiveFlow", correlation=correlation)))
        time.sleep(0.3)
        self.assertEqual(self.ended, [])
        self.assertEqual(self.client.ask("cancelInteractiveFlow", correlation="ab-1"), "{}")
        with self.assertRaises(Refused) as refused:
            self.client.result(serial)
        self.assertEqual(refused.exception.text, "the sign-in was cancelled")
        self.wait_for(lambda: self.ended, "the conversation goes on")
        self.assertIn("error", json.loads(self.client.ask("cancelInteractiveFlow", correlation="ab-1")))

    def test_flow_ends_with_its_caller(self):
        self.daemon(self.tokens_after_sign_in)
        self.conversation(self.accept)
        caller = self.new_client()
        caller.call(METHOD)
        self.wait_for(self.prompts, "no window")
        caller.close()
        self.wait_for(lambda: self.ended, "the conversation goes on")

    def test_no_window_outlives_the_broker(self):
        self.daemon(self.tokens_after_sign_in)
        self.conversation(self.accept)
        self.client.call(METHOD)
        self.wait_for(lambda: "GETPIN" in self.read("pinentry.log"), "no window")
        window = int(self.read("pinentry.log").split("PID ")[1].split()[0])
        self.kill_broker()
        self.wait_for(lambda: not os.path.exists(f"/proc/{window}") or "State:\tZ" in open(f"/proc/{window}/status").read(), "the window stays")

    def test_one_prompt_at_a_time_and_one_sign_in_for_all(self):
        self.daemon(self.tokens_after_sign_in)
        self.conversation(self.accept)
        serials = [self.client.call(METHOD, correlation=str(number)) for number in range(5)]
        self.wait_for(self.prompts, "no window")
        time.sleep(1)
        self.assertEqual((len(self.started), self.prompts()), (1, 1))
        self.user_says("D 1234\nOK\n")
        for serial in serials:
            self.assertEqual(self.client.result(serial), TOKEN)
        self.assertEqual((len(self.started), self.prompts()), (1, 1))

    def test_call_that_waits_for_its_turn_can_be_cancelled_and_too_many_are_refused(self):
        self.daemon(self.tokens_after_sign_in)
        self.conversation(self.accept)
        first = self.client.call(METHOD, correlation="first")
        self.wait_for(self.prompts, "no window")
        others = [self.client.call(METHOD, correlation=str(number)) for number in range(8)]
        with self.assertRaises(Refused) as refused:
            self.client.result(others[7])
        self.assertEqual(refused.exception.name, "org.freedesktop.DBus.Error.LimitsExceeded")
        self.assertEqual(self.client.ask("cancelInteractiveFlow", correlation="3"), "{}")
        self.assertRaises(Refused, self.client.result, others[3])
        self.user_says("D 1234\nOK\n")
        self.assertEqual(self.client.result(first), TOKEN)
        for number in (0, 1, 2, 4, 5, 6):
            self.assertEqual(self.client.result(others[number]), TOKEN)


class NoDisplay(SignInCase):
    environment = {}

    def test_error_in_words(self):
        self.daemon(self.tokens_after_sign_in)
        self.conversation(self.accept)
        self.assertIn("no display to ask on", self.refusal())
        self.assertIn("no display to ask on", self.refusal(DEMANDS))
        self.assertEqual((self.prompts(), self.started), (0, []))


class Wayland(SignInCase):
    environment = {"WAYLAND_DISPLAY": "wayland-0"}

    def test_asks(self):
        self.daemon(self.tokens_after_sign_in)
        self.conversation(self.accept)
        self.user_says("D 1234\nOK\n")
        self.assertEqual(self.client.ask(METHOD, DEMANDS), TOKEN)


if __name__ == "__main__":
    unittest.main()
