package himmelblau.mfa.fido2.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientDataTest {
  @Test
  void isWrittenAsTheServiceAcceptsIt() {
    byte[] challenge = DirectoryChallenge.CHALLENGE.getBytes(StandardCharsets.US_ASCII);
    assertEquals(
        DirectoryChallenge.CLIENT_DATA,
        new String(
            ClientData.of("https://login.microsoft.com", challenge).json(),
            StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "https://a\",\"type\":\"b", "https://a\\b", "https://\u00e4"})
  void anOriginThatIsNoneIsRefused(String origin) {
    assertThrows(IllegalArgumentException.class, () -> ClientData.of(origin, new byte[4]));
  }

  @Test
  void theByteStringAroundAuthenticatorDataIsTakenOff() throws Exception {
    byte[] wrapped = new byte[2 + 37];
    wrapped[0] = 0x58;
    wrapped[1] = 37;
    wrapped[38] = 5;
    byte[] data = new byte[37];
    data[36] = 5;
    assertArrayEquals(data, AuthenticatorData.unwrap(wrapped));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 36, 38, 255})
  void authenticatorDataOfAnotherLengthAreRefused(int length) {
    byte[] wrapped = new byte[2 + 37];
    wrapped[0] = 0x58;
    wrapped[1] = (byte) length;
    assertThrows(KeyFailure.class, () -> AuthenticatorData.unwrap(wrapped));
  }
}
