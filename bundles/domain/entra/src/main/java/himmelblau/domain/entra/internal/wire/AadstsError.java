package himmelblau.domain.entra.internal.wire;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.http.HttpReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An error reply of the directory with its numbers, not yet interpreted. Flows that handle a number
 * use {@link #has}; all others convert it with {@link #refused}.
 */
public final class AadstsError extends Exception {
  private static final long serialVersionUID = 1L;
  private static final Pattern NUMBER = Pattern.compile("AADSTS([0-9]{4,8})\\b");

  private final List<Integer> codes;
  private final String name;

  private AadstsError(List<Integer> codes, String name, String description) {
    super(description);
    this.codes = List.copyOf(codes);
    this.name = name;
  }

  /** From a page: a number and a text. */
  public static AadstsError of(int code, String description) {
    return new AadstsError(List.of(code), "", description);
  }

  /** From a text that may hold the number. */
  public static AadstsError of(String name, String description) {
    return new AadstsError(numbers(description), name, description);
  }

  /** From a JSON error body (entra-tokens 0.6), or a redirect's parameters in that form. */
  public static AadstsError of(Json body) {
    String description = body.text("error_description").orElse("");
    List<Integer> codes =
        new ArrayList<>(
            body.numbers("error_codes").stream()
                .filter(code -> code < Integer.MAX_VALUE)
                .map(Long::intValue)
                .toList());
    if (codes.isEmpty()) {
      codes.addAll(numbers(description));
    }
    return new AadstsError(codes, body.text("error").orElse(""), description);
  }

  /** From an error reply of the login host; throws at once what a busy or broken server means. */
  public static AadstsError of(HttpReply reply, String what) throws DomainUnavailable {
    Optional<Json> body = Optional.empty();
    try {
      body = Optional.of(Json.parse(reply.body(), what)).filter(json -> json.has("error"));
    } catch (DomainUnavailable e) {
      // Told below by the status.
    }
    if (body.isPresent()) {
      return of(body.get());
    }
    DomainHttp.working(reply, what);
    throw new DomainUnavailable(
        DomainUnavailable.Kind.PROTOCOL,
        what + " has status " + reply.status() + " and no error that can be read");
  }

  private static List<Integer> numbers(String text) {
    Matcher matcher = NUMBER.matcher(text);
    return matcher.find() ? List.of(Integer.parseInt(matcher.group(1))) : List.of();
  }

  public boolean has(Integer... any) {
    return List.of(any).stream().anyMatch(codes::contains);
  }

  /** The OAuth name, such as {@code invalid_grant}; may be empty. */
  public String name() {
    return name;
  }

  public OptionalInt code() {
    return codes.stream().mapToInt(Integer::intValue).findFirst();
  }

  /** The number as {@link SignInRefused#code()} has it. */
  public Optional<String> refusalCode() {
    return codes.stream().findFirst().map(number -> "AADSTS" + number);
  }

  /** What to tell the login bundle. */
  public SignInRefused refused() throws DomainUnavailable {
    return Refusals.of(this);
  }
}
