package himmelblau.explain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import himmelblau.api.account.AccountName;
import himmelblau.api.directory.Directory;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.ExplainStep;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.explain.OptionOrigins;
import himmelblau.api.explain.OptionOrigins.Origin;
import himmelblau.api.explain.OptionUse;
import himmelblau.testing.doubles.RecordingTerminal;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExplainCommandTest {
  private final ExplainCommand command = new ExplainCommand();
  private final RecordingTerminal terminal = new RecordingTerminal();
  private final List<ExplainRequest> requests = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();

  @BeforeEach
  void begin() {
    command.directory =
        (Directory)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Directory.class},
                (proxy, method, arguments) -> {
                  asked.add(method.getName());
                  return String.valueOf(arguments[0]).equals("root")
                      ? Optional.empty()
                      : AccountName.parse(arguments[0] + "@a.org");
                });
  }

  private void step(String name, int order, ExplainStep step) {
    command.addStep(step, Map.of(ExplainStep.STEP, name, ExplainStep.ORDER, order));
  }

  private void step(String name, int order, Outcome outcome, OptionUse... options) {
    step(
        name,
        order,
        request -> {
          requests.add(request);
          return Optional.of(Finding.of(outcome, "text of " + name, options));
        });
  }

  private DomainProvider domain(String name, boolean reachable) {
    return (DomainProvider)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {DomainProvider.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "domain" -> name;
                  case "aliases" -> List.of();
                  case "reachable" -> reachable;
                  case "equals" -> proxy == arguments[0];
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "toString" -> name;
                  default -> {
                    asked.add(method.getName());
                    throw new UnsupportedOperationException(method.getName());
                  }
                });
  }

  private int run(String... words) throws Exception {
    terminal.lines.clear();
    return command.run(List.of(words), terminal);
  }

  @Test
  void stepsAreShownInTheirOrderAndTheVerdictComesLast() throws Exception {
    step("second", 20, Outcome.NOTE);
    step("first", 10, Outcome.OK);
    assertEquals(0, run("ada"));
    assertEquals(
        List.of(
            "ok    first          text of first",
            "note  second         text of second",
            "Verdict: ada would be let in by sshd"),
        terminal.lines);
  }

  @Test
  void oneStepThatStandsInTheWayIsEnough() throws Exception {
    step("first", 10, Outcome.OK);
    step("second", 20, Outcome.NO);
    step("third", 30, Outcome.OK);
    assertEquals(1, run("ada", "--service", "cups"));
    assertEquals("NO    second         text of second", terminal.lines.get(1));
    assertEquals("Verdict: ada would not be let in by cups: second", terminal.lines.getLast());
  }

  @Test
  void whatIsKnownLaterOnlyIsSaidAndIsNoRefusal() throws Exception {
    step("groups", 10, Outcome.OPEN);
    assertEquals(0, run("ada"));
    assertEquals(
        "Verdict: ada would be let in by sshd; known at the sign-in only: groups",
        terminal.lines.getLast());
  }

  @Test
  void aLocalAccountIsDecidedElsewhere() throws Exception {
    step("account", 10, Outcome.LOCAL);
    step("sign-in", 5, Outcome.NO);
    assertEquals(3, run("root"));
    assertEquals(
        "Verdict: root is an account of this host; other PAM modules decide",
        terminal.lines.getLast());
  }

  @Test
  void aNameThatMeansNobodyIsNeverLetIn() throws Exception {
    step("sign-in", 5, Outcome.OK);
    assertEquals(1, run("root"), "though no step says no");
    command.directory = null;
    assertEquals(1, run("ada"));
  }

  @Test
  void aStepThatFailsStandsInTheWayAndHidesNoOther() throws Exception {
    step(
        "broken",
        10,
        request -> {
          throw new IllegalStateException("disk full");
        });
    step("other", 20, Outcome.OK);
    assertEquals(1, run("ada"));
    assertEquals("NO    broken         cannot be told: disk full", terminal.lines.getFirst());
    assertTrue(terminal.text().contains("text of other"));
  }

  @Test
  void aStepIsShownWhileItIsThere() throws Exception {
    ExplainStep step = request -> Optional.of(Finding.of(Outcome.NO, "blocked"));
    step("mine", 10, step);
    assertEquals(1, run("ada"));
    command.removeStep(step);
    assertEquals(0, run("ada"));
    assertFalse(terminal.text().contains("mine"));
  }

  @Test
  void aStepWithNothingToSayIsNotShown() throws Exception {
    step("quiet", 10, request -> Optional.empty());
    assertEquals(0, run("ada"));
    assertFalse(terminal.text().contains("quiet"));
  }

  @Test
  void anOptionIsShownWithItsLine() throws Exception {
    OptionUse set = OptionUse.of("enable_hello");
    OptionUse standard = OptionUse.of("hsm_type");
    OptionUse unset = OptionUse.of("pam_allow_groups");
    command.origins = origins(Map.of(set, "/etc/x.conf:3", standard, ""));
    step("pin", 10, Outcome.NOTE, set, standard, unset);
    run("ada");
    assertEquals(
        List.of(
            "                     enable_hello = value (/etc/x.conf:3)",
            "                     hsm_type = value (the default)",
            "                     pam_allow_groups is not set"),
        terminal.lines.subList(1, 4));
  }

  private static OptionOrigins origins(Map<OptionUse, String> places) {
    return use ->
        places.containsKey(use)
            ? List.of(
                new Origin(
                    use.name(),
                    "global",
                    "value",
                    Optional.of(places.get(use)).filter(place -> !place.isEmpty())))
            : List.of();
  }

  @Test
  void jsonHasTheSame() throws Exception {
    OptionUse set = OptionUse.of("enable_hello");
    command.origins = origins(Map.of(set, "/etc/x.conf:3"));
    step("pin", 10, Outcome.NOTE, set, OptionUse.of("hsm_type"));
    step("other", 20, Outcome.NO);
    assertEquals(1, run("ada", "--json", "--remote"));
    assertEquals(1, terminal.lines.size());
    JsonObject all = JsonParser.parseString(terminal.text()).getAsJsonObject();
    assertEquals(
        JsonParser.parseString(
            """
            {"format":1,"user":"ada","account":"ada@a.org","service":"sshd","remote_option":true,
             "steps":[
              {"step":"pin","outcome":"note","text":"text of pin","details":[],"options":[
                {"option":"enable_hello","section":"global","value":"value",
                 "place":"/etc/x.conf:3"},
                {"option":"hsm_type","section":null,"value":null,"place":null}]},
              {"step":"other","outcome":"no","text":"text of other","details":[],"options":[]}],
             "verdict":"no"}
            """),
        all);
  }

  @Test
  void theDirectoryIsAskedOnceWhetherItAnswers() throws Exception {
    DomainProvider first = domain("a.org", true);
    DomainProvider second = domain("a.org", false);
    command.addDomain(second, Map.of("service.id", 7L));
    command.addDomain(first, Map.of("service.id", 3L));
    command.addDomain(domain("b.org", true), Map.of("service.id", 1L));
    step("any", 10, Outcome.OK);
    run("ada");
    assertEquals(Optional.of(first), requests.getLast().domain(), "as a sign-in chooses");
    assertTrue(requests.getLast().reachable());
    command.removeDomain(first);
    run("ada");
    assertEquals(Optional.of(second), requests.getLast().domain());
    assertFalse(requests.getLast().reachable());
    assertEquals(List.of("resolve", "resolve"), asked, "and nothing else");
  }

  @Test
  void optionsMayStandAnywhere() throws Exception {
    step("any", 10, Outcome.OK);
    assertEquals(0, run("--service", "login", "ada", "--remote"));
    assertEquals("ada", requests.getLast().typed());
    assertEquals("login", requests.getLast().service());
    assertTrue(requests.getLast().otherHost());
    assertEquals(0, run("ada", "--service=su"));
    assertEquals("su", requests.getLast().service());
    assertFalse(requests.getLast().otherHost());
  }

  @Test
  void wrongUsageIsRefused() throws Exception {
    for (List<String> words :
        List.of(
            List.<String>of(),
            List.of("--json"),
            List.of("ada", "bob"),
            List.of("ada", "--service"),
            List.of("ada", "--service", ""),
            List.of("ada", "--pin", "1"))) {
      assertEquals(2, run(words.toArray(String[]::new)), words.toString());
      assertTrue(terminal.text().contains("! Usage: aad-tool explain USER"), terminal.text());
    }
    assertTrue(asked.isEmpty());
  }
}
