package himmelblau.api.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountNameTest {
  @Test
  void lowersItsCase() {
    assertEquals(
        "user02@example.onmicrosoft.com",
        AccountName.parse("User02@Example.OnMicrosoft.com").orElseThrow().upn());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "user02",
        "@example.com",
        "user02@",
        "a@b@c",
        "a:b@c",
        "a\nb@c",
        "../x@c",
        "a b@c",
        "a\u0000b@c",
        "a\\b@c",
        "a\u0085b@c"
      })
  void refusesWhatCannotBeAnAccount(String text) {
    assertTrue(AccountName.parse(text).isEmpty());
  }
}
