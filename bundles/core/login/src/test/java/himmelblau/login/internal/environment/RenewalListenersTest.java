package himmelblau.login.internal.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.Account;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.login.PamCode;
import himmelblau.api.secret.Secret;
import himmelblau.api.sso.RenewalListener;
import himmelblau.api.tasks.TaskResult;
import himmelblau.login.internal.LoginFixture;
import himmelblau.login.internal.ScriptedDomain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sign-in leaves is handed on, if it let somebody in. */
class RenewalListenersTest {
  @TempDir Path folder;
  private LoginFixture fixture;
  private final List<String> heard = new ArrayList<>();
  private final RenewalListener listener =
      new RenewalListener() {
        @Override
        public void signedIn(Account account, Secret renewal) {
          heard.add(account.name() + " " + renewal.revealText());
        }

        @Override
        public void ended(AccountName name) {
          heard.add("ended " + name);
        }

        @Override
        public void forgetAll() {
          heard.add("forget");
        }
      };

  @BeforeEach
  void build() {
    fixture = new LoginFixture(folder);
    fixture.renewals.add(listener);
  }

  private List<String> heard() {
    List<String> all = List.copyOf(heard);
    heard.clear();
    return all;
  }

  @Test
  void everyWayInHandsItOn() throws Exception {
    List<String> user02 = List.of("user02@example.org renewal");
    fixture.enrolled();
    assertEquals(user02, heard(), "password and second factor");
    fixture.signIn("user02", "182736");
    assertEquals(user02, heard(), "PIN");
    fixture.domain.reachable = false;
    fixture.signIn("user02", "182736");
    assertEquals(user02, heard(), "PIN without the network");
    fixture.domain.reachable = true;
    assertEquals(PamCode.SUCCESS, fixture.changePin("user02", "182736", "193847", "193847").code());
    assertEquals(user02, heard(), "changed PIN");
    fixture.authtok = Optional.of(Secret.ofText("193847"));
    fixture.unseal("user02");
    assertEquals(user02, heard(), "unlocked by another module");
  }

  @Test
  void nobodyIsHeardOfWhoWasNotLetIn() throws Exception {
    fixture.enrolled();
    heard.clear();
    fixture.abandoned("user02", "918273");
    assertEquals(List.of(), heard(), "wrong PIN");
    fixture.options.put("logon_script", "/usr/local/sbin/on-logon");
    fixture.script = new TaskResult(TaskResult.Status.REFUSED, "denied");
    fixture.refused("user02", "182736");
    assertEquals(List.of(), heard(), "the logon script refused");
  }

  @Test
  void disabledAccountsAndRemovedHostsEndIt() throws Exception {
    fixture.enrolled();
    heard.clear();
    fixture.domain.helloRefusal = ScriptedDomain.refusal(Reason.ACCOUNT_DISABLED, "disabled");
    fixture.refused("user02", "182736");
    assertEquals(List.of("ended user02@example.org"), heard());
    fixture.domain.helloRefusal = ScriptedDomain.refusal(Reason.DEVICE_REMOVED, "removed");
    fixture.abandoned("user02", "182736");
    assertEquals(Set.of("ended user02@example.org"), Set.copyOf(heard()));
    fixture.forgetAll();
    assertEquals(List.of("forget"), heard());
  }

  @Test
  void aListenerThatFailsChangesNothing() throws Exception {
    fixture.renewals.remove(listener);
    fixture.renewals.add(
        new RenewalListener() {
          @Override
          public void signedIn(Account account, Secret renewal) {
            throw new IllegalStateException("broken");
          }

          @Override
          public void ended(AccountName name) {
            throw new NoClassDefFoundError("gone");
          }

          @Override
          public void forgetAll() {}
        });
    fixture.renewals.add(listener);
    fixture.enrolled();
    assertEquals(1, heard().size(), "the next one hears it");
  }
}
