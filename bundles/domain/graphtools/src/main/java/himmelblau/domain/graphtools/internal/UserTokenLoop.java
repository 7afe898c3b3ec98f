package himmelblau.domain.graphtools.internal;

import himmelblau.api.graph.GraphAccess;
import himmelblau.api.secret.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks for a user's token with one application after the other. */
final class UserTokenLoop {
  private static final Pattern CODE = Pattern.compile("AADSTS(\\d{4,7})");
  private static final Set<String> CONSENT = Set.of("65001", "65002", "65004", "65005", "90094");
  private static final String WRONG_REDIRECT = "50011";

  private UserTokenLoop() {}

  /** Asks for one token. */
  interface Asker {
    /**
     * The caller closes it.
     *
     * @throws Refused with what the directory or the broker said
     */
    Secret token(Candidate candidate) throws Refused;
  }

  /** There is no token this way. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String text) {
      super(text, null, false, false);
    }
  }

  /**
   * The first token that is given.
   *
   * @throws ToolFailed with advice by what was said; {@code hints} end it
   */
  static Granted first(GraphAccess graph, Wanted wanted, Asker asker, List<String> hints)
      throws ToolFailed {
    List<String> said = new ArrayList<>();
    Optional<String> unconsented = Optional.empty();
    for (Candidate candidate : wanted.candidates()) {
      try {
        return new Granted(asker.token(candidate), candidate.clientId(), false);
      } catch (Refused e) {
        String text = String.valueOf(e.getMessage());
        Matcher code = CODE.matcher(text);
        String number = code.find() ? code.group(1) : "";
        if (CONSENT.contains(number)) {
          unconsented = Optional.of(candidate.clientId());
        } else if (!number.equals(WRONG_REDIRECT) && !said.contains(text)) {
          said.add(text);
        }
      }
    }
    if (unconsented.isPresent()) {
      throw Advice.consent(graph, unconsented.get(), wanted.right());
    }
    List<String> lines = new ArrayList<>(List.of(Advice.NO_TOKEN));
    lines.addAll(
        said.isEmpty()
            ? List.of("The application is registered with other redirect URIs than this host uses.")
            : said);
    lines.addAll(hints);
    throw new ToolFailed(lines.toArray(String[]::new));
  }
}
