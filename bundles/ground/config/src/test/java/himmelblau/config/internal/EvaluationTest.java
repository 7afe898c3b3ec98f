package himmelblau.config.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
  private static final String DOMAIN = "[global]\ndomain = example.org\n";

  @TempDir Path root;
  private ConfigFixture places;

  @BeforeEach
  void places() {
    places = new ConfigFixture(root);
  }

  private static String[] items(Map<String, Object> values, String key) {
    return (String[]) values.getOrDefault(key, new String[] {"absent"});
  }

  @Test
  void defaultsAreThoseOfTheDesign() throws Exception {
    Map<String, Object> global = places.read(DOMAIN).global();
    assertEquals(true, global.get("allow.remote.hello"));
    assertEquals(6, global.get("hello.pin.min.length"));
    assertEquals(3, global.get("hello.pin.retry.count"));
    assertEquals("200000-2000200000", global.get("idmap.range"));
    assertEquals(300L, global.get("cache.timeout"));
    assertEquals("tpm_bound_soft_if_possible", global.get("hsm.type"));
    assertEquals(10, items(global, "password.only.remote.services.deny.list").length);
    assertFalse(global.containsKey("mfa.method"), "no default: absent");
    assertFalse(global.containsKey("pam.allow.groups"), "unset: everyone");
    assertEquals(false, places.read().breakglass().get("enabled"));
    assertEquals(7200L, places.read().breakglass().get("ttl"));
  }

  @Test
  void everyOptionHasADocAndAnOwnName() {
    assertEquals(
        OptionCatalog.CORE.size(),
        OptionCatalog.CORE.stream().map(Option::name).distinct().count());
    OptionCatalog catalog = ShippedOptions.catalog();
    assertEquals(List.of(), catalog.problems(), "no option is declared twice");
    Collection<Option> all = catalog.main().values();
    assertTrue(all.stream().noneMatch(option -> option.doc().isEmpty()));
    assertTrue(all.size() >= 78, "host-behaviour 1.4 has them: " + all.size());
  }

  @Test
  void domainsComeFirstThenDomainThenSections() throws Exception {
    EffectiveConfig effective =
        places.read(
            """
            [Third.example]
            [global]
            domain = second.example, First.example
            domains = First.example,,zero.example
            [fourth.example]
            [offline_breakglass]
            enabled = true
            """);
    assertEquals(
        List.of(
            "first.example", "zero.example", "second.example", "third.example", "fourth.example"),
        List.copyOf(effective.domains().keySet()));
    assertEquals("first.example", effective.global().get("domain"));
    assertArrayEquals(effective.domains().keySet().toArray(), items(effective.global(), "domains"));
    assertEquals("zero.example", effective.domains().get("zero.example").get("domain"));
  }

  @Test
  void aDomainsSectionLiesOverGlobal() throws Exception {
    EffectiveConfig effective =
        places.read(
            """
            [global]
            domain = a.example, b.example
            shell = /bin/zsh
            idmap_range = 300000-399999
            [a.example]
            home_prefix = /a
            shell = /bin/dash
            debug = true
            [b.example]
            idmap_range = 400000-499999
            """);
    Map<String, Object> a = effective.domains().get("a.example");
    Map<String, Object> b = effective.domains().get("b.example");
    assertEquals("/a/", a.get("home.prefix"));
    assertEquals("/home/", b.get("home.prefix"));
    assertEquals("/bin/dash", a.get("shell"));
    assertEquals("/bin/zsh", b.get("shell"));
    assertEquals("300000-399999", a.get("idmap.range"));
    assertEquals("400000-499999", b.get("idmap.range"));
    assertEquals(false, a.get("debug"), "an option of [global] only");
    assertEquals(1, effective.warnings().size());
    assertTrue(effective.warnings().get(0).contains("debug is read from [global] only"));
  }

  @Test
  void aBadValueNamesItsOptionAndIsTreatedAsUnset() throws Exception {
    EffectiveConfig effective =
        places.read(
            DOMAIN
                + "enable_hello = yes\nhello_pin_min_length = six\n[example.org]\nhome_attr = x\n");
    assertEquals(true, effective.global().get("enable.hello"));
    assertEquals(6, effective.global().get("hello.pin.min.length"));
    assertEquals("uuid", effective.domains().get("example.org").get("home.attr"));
    assertEquals(3, effective.problems().size());
    assertTrue(effective.problems().get(0).contains("enable_hello = \"yes\""));
    assertTrue(effective.problems().get(0).contains("etc/himmelblau.conf:3"));
    assertTrue(effective.problems().stream().noneMatch(p -> p.contains("apply_policy")));
  }

  @Test
  void allowListsOfAllSectionsAreOneAndEmptyIsNotUnset() throws Exception {
    EffectiveConfig effective =
        places.read(DOMAIN + "pam_allow_groups = a, b\n[example.org]\npam_allow_groups = c\n");
    assertArrayEquals(new String[] {"a", "b", "c"}, items(effective.global(), "pam.allow.groups"));
    assertArrayEquals(
        new String[] {"a", "b", "c"},
        items(effective.domains().get("example.org"), "pam.allow.groups"));

    effective = places.read(DOMAIN + "pam_allow_groups =\n");
    assertArrayEquals(
        new String[] {""}, items(effective.global(), "pam.allow.groups"), "nobody, not everybody");
  }

  @Test
  void entriesThatNeverMatchAreNamedWithFileAndLine() throws Exception {
    String good = "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6, User02@Example.org";
    assertEquals(List.of(), places.read(DOMAIN + "pam_allow_groups = " + good + "\n").problems());
    for (String bad :
        List.of(
            "a@example.org b@example.org",
            "\"bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6\"",
            "{bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6}",
            "Domain Admins",
            "datengruppe",
            "bb845f7f8f6a4101b4c78db3cb94c9e6")) {
      List<String> problems =
          places.read(DOMAIN + "pam_allow_groups = " + good + "," + bad + "\n").problems();
      assertEquals(1, problems.size(), bad);
      assertTrue(problems.get(0).contains("himmelblau.conf:3: pam_allow_groups"), problems.get(0));
    }
    List<String> problems = places.read(DOMAIN + "sudo_groups = user02@example.org\n").problems();
    assertTrue(problems.get(0).contains("object id"), problems.toString());
  }

  @Test
  void anEmptyAllowListIsReported() throws Exception {
    for (String nobody : List.of("", ",", " , ,")) {
      List<String> problems = places.read(DOMAIN + "pam_allow_groups =" + nobody + "\n").problems();
      assertTrue(problems.toString().contains("nobody may sign in"), nobody + problems);
    }
  }

  @Test
  void anIgnoredDomainSectionIsNamedWithFileAndLine() {
    for (String text :
        List.of("domain = example.org\n[global]\n", "[global]\ndomain = \"example.org\"\n")) {
      ConfigException e = assertThrows(ConfigException.class, () -> places.read(text));
      assertTrue(String.valueOf(e.getMessage()).contains("himmelblau.conf:"), e.getMessage());
    }
  }

  @Test
  void aKeyWithoutValueUnsetsWhatALowerLayerSaid() throws Exception {
    places.put(places.administrator(), DOMAIN + "shell = /bin/zsh\napp_id = x\n");
    places.dropIn(places.administrator(), "10.conf", "[global]\nshell\napp_id =\n");
    assertEquals("/bin/bash", places.read().global().get("shell"));
    assertEquals("", places.read().global().get("app.id"), "empty is a value");
  }

  @Test
  void unknownOptionsArePassedOnWithTheClosestName() throws Exception {
    EffectiveConfig effective =
        places.read(DOMAIN + "hello_pin_min_lenght = 8\nacme_color = blue\n");
    assertEquals("8", effective.global().get("hello.pin.min.lenght"));
    assertEquals("blue", effective.global().get("acme.color"));
    assertEquals("blue", effective.domains().get("example.org").get("acme.color"));
    assertTrue(effective.warnings().get(0).endsWith("did you mean hello_pin_min_length?"));
    assertTrue(effective.warnings().get(1).endsWith("unknown option acme_color"));
  }

  @Test
  void anUnknownOptionReplacesNoPropertyOfAService() throws Exception {
    EffectiveConfig effective =
        places.read(
            DOMAIN
                + "himmelblau_hsm_type = soft\nservice_ranking = 9\n"
                + "component_name = x\nacme_service = y\n");
    assertEquals("y", effective.global().get("acme.service"));
    for (String key : List.of("himmelblau.hsm.type", "service.ranking", "component.name")) {
      assertFalse(effective.global().containsKey(key), key);
    }
    assertEquals(4, effective.warnings().size(), effective.warnings()::toString);
  }

  @Test
  void anOptionThatNothingReadsIsReported() throws Exception {
    EffectiveConfig effective =
        places.read(DOMAIN + "shell = /bin/zsh\norchestrator_timeout_secs = 8\n");
    assertEquals(1, effective.warnings().size());
    assertTrue(
        effective.warnings().get(0).endsWith(": orchestrator_timeout_secs has no effect yet"));
    assertEquals(8L, effective.global().get("orchestrator.timeout.secs"));
  }

  @Test
  void misspeltSectionsAreNoDomains() throws Exception {
    EffectiveConfig effective =
        places.read(DOMAIN + "[offline_breakglas]\nenabled = true\n[globl]\ndebug = true\n");
    assertEquals(List.of("example.org"), List.copyOf(effective.domains().keySet()));
    assertTrue(effective.warnings().get(0).endsWith("Did you mean [offline_breakglass]?"));
    assertTrue(effective.warnings().get(1).endsWith("Did you mean [global]?"));
  }

  @Test
  void messagesAreOneBearableLineWhateverTheFileSays() throws Exception {
    String line = "x\u001b[2j\u202e".repeat(40_000);
    EffectiveConfig effective =
        places.read(
            DOMAIN
                + "enable_hello = "
                + line
                + "\n"
                + line
                + " = 1\n["
                + line
                + "]\nshell = /b:c\n");
    assertEquals(1, effective.problems().size());
    assertEquals(2, effective.warnings().size());
    for (String text : List.of(effective.problems().get(0), effective.warnings().get(0))) {
      assertTrue(text.length() < 400 && text.contains("x?[2j?x?[2j"), text);
    }
  }

  @Test
  void longNamesOfDomainsAreNoDomainsAndNoTrouble() throws Exception {
    String deep = "a.".repeat(200_000) + "a";
    EffectiveConfig effective =
        places.read("[global]\ndomain = example.org, " + deep + "\n[" + deep + "]\n");
    assertEquals(List.of("example.org"), List.copyOf(effective.domains().keySet()));
    assertEquals(1, effective.problems().size());
  }

  @Test
  void aValueThatWouldHideAllUsersIsTreatedAsUnset() throws Exception {
    EffectiveConfig effective =
        places.read(
            DOMAIN
                + "shell = /bin/zsh\nhome_prefix = /srv\n"
                + "[example.org]\nshell = /bin/z:sh\nhome_prefix = homes\n");
    assertEquals("/bin/zsh", effective.domains().get("example.org").get("shell"), "the host's own");
    assertEquals("/srv/", effective.domains().get("example.org").get("home.prefix"));
    assertEquals(2, effective.problems().size());
  }

  /** Which options a domain may set for itself (host-behaviour 1.4). */
  @Test
  void everyOptionOfADomainLiesOverGlobalAndNoOther() throws Exception {
    String[][] both = {
      {"idmap_range", "300000-300001", "300002-300003"},
      {"home_prefix", "/g/", "/d/"},
      {"home_attr", "spn", "cn"},
      {"home_alias", "cn", "uuid"},
      {"shell", "/bin/g", "/bin/d"},
      {"app_id", "g", "d"},
      {"logon_token_app_id", "g", "d"},
      {"odc_provider", "g.example", "d.example"},
    };
    StringBuilder text = new StringBuilder(DOMAIN + "domains = b.example\n");
    for (String[] row : both) {
      text.append(row[0]).append(" = ").append(row[1]).append('\n');
    }
    text.append("[example.org]\n");
    for (String[] row : both) {
      text.append(row[0]).append(" = ").append(row[2]).append('\n');
    }
    List<Option> others =
        ShippedOptions.catalog().main().values().stream()
            .filter(option -> option.scope() == Option.Scope.GLOBAL)
            .toList();
    for (Option option : others) {
      text.append(option.name()).append(" = 1\n");
    }
    EffectiveConfig effective = places.read(text.toString());
    for (String[] row : both) {
      String key = Option.key(row[0]);
      assertEquals(row[1], effective.global().get(key));
      assertEquals(row[2], effective.domains().get("example.org").get(key), row[0]);
      assertEquals(row[1], effective.domains().get("b.example").get(key), row[0]);
    }
    Map<String, Object> own = effective.domains().get("example.org");
    for (Option option : others) {
      if (!option.name().startsWith("domain")) {
        assertTrue(
            java.util.Objects.deepEquals(
                effective.global().get(option.key()), own.get(option.key())),
            option.name());
      }
      assertTrue(
          effective.warnings().stream()
              .anyMatch(w -> w.contains(": " + option.name() + " is read from [global] only")),
          option.name());
    }
  }

  @Test
  void noDomainIsRefused() {
    for (String text :
        List.of("[global]\ndebug = true\n", "[global]\ndomain = \n", "[global]\ndomain = a b\n")) {
      ConfigException e = assertThrows(ConfigException.class, () -> places.read(text));
      assertTrue(e.getMessage().startsWith("No domain is configured"), e.getMessage());
    }
  }

  private static final String RANGE = "idmap_range = 2000300000-2000399999\n";
  private static final String ISSUER = "oidc_issuer_url = https://id.example.org/\n";

  @Test
  void anIssuerNeedsADomainForTheNamesOfItsUsers() {
    ConfigException e =
        assertThrows(ConfigException.class, () -> places.read("[global]\napp_id = a\n" + ISSUER));
    assertTrue(e.getMessage().startsWith("No domain is configured"), e.getMessage());
  }

  @Test
  void theIssuerOfADomainReplacesThatOfAll() throws Exception {
    EffectiveConfig effective =
        places.read(
            DOMAIN
                + "app_id = a\n"
                + ISSUER
                + "[b.example]\n"
                + RANGE
                + "oidc_issuer_url ="
                + " https://b.example/realms/x/.well-known/openid-configuration\n");
    assertEquals(List.of(), effective.problems());
    assertEquals(
        "https://id.example.org/", effective.domains().get("example.org").get("oidc.issuer.url"));
    assertEquals(
        "https://b.example/realms/x", effective.domains().get("b.example").get("oidc.issuer.url"));
  }

  /** Else the domain would be served as one of Entra ID, which would get its users' passwords. */
  @Test
  void anIssuerThatIsNotValidLeavesItsDomainWithoutAProvider() throws Exception {
    EffectiveConfig effective =
        places.read(DOMAIN + "app_id = a\n[b.example]\noidc_issuer_url = http://b.example/\n");
    assertEquals("oidc", effective.domains().get("b.example").get("domain.kind"));
    assertNull(effective.domains().get("b.example").get("oidc.issuer.url"));
    assertNull(effective.domains().get("example.org").get("domain.kind"));
    assertEquals(1, effective.problems().size(), effective.problems()::toString);
    effective = places.read(DOMAIN + "app_id = a\noidc_issuer_url = http://id.example/\n");
    assertEquals("oidc", effective.domains().get("example.org").get("domain.kind"));
  }

  /** Nor does one that is not valid fall back on the issuer of another domain. */
  @Test
  void anIssuerThatIsNotValidIsNotReplacedByThatOfAll() throws Exception {
    for (String kind : List.of("", "domain_kind = oidc\n")) {
      EffectiveConfig effective =
          places.read(
              DOMAIN
                  + "app_id = a\n"
                  + ISSUER
                  + "[b.example]\n"
                  + kind
                  + "oidc_issuer_url = b.example\n");
      assertNull(effective.domains().get("b.example").get("oidc.issuer.url"), kind);
      assertEquals("oidc", effective.domains().get("b.example").get("domain.kind"), kind);
    }
  }

  /** A tenant beside the issuer of all others. */
  @Test
  void aDomainThatIsSaidToBeOfEntraIdTakesNoIssuerOfAll() throws Exception {
    for (String issuer : List.of(ISSUER, "oidc_issuer_url = b.example\n")) {
      EffectiveConfig effective =
          places.read(DOMAIN + "app_id = a\n" + issuer + "[b.example]\ndomain_kind = entra\n");
      assertNull(effective.domains().get("b.example").get("oidc.issuer.url"), issuer);
      assertEquals("entra", effective.domains().get("b.example").get("domain.kind"), issuer);
    }
    EffectiveConfig own =
        places.read(DOMAIN + "app_id = a\n[b.example]\ndomain_kind = entra\n" + ISSUER);
    assertNotNull(own.domains().get("b.example").get("oidc.issuer.url"), "of its own");
  }

  @Test
  void whatAnIssuerNeedsIsAProblemWhileItIsMissing() throws Exception {
    Map<String, String> wrong =
        Map.of(
            DOMAIN + ISSUER, "oidc_issuer_url needs app_id",
            DOMAIN + "[b.example]\ndomain_kind = oidc\n", "but no oidc_issuer_url",
            DOMAIN + "app_id = a\n[b.example]\ndomain_kind = roster\n" + RANGE + ISSUER,
                "no effect");
    for (Map.Entry<String, String> each : wrong.entrySet()) {
      List<String> problems = places.read(each.getKey()).problems();
      assertTrue(
          problems.size() == 1 && problems.get(0).contains(each.getValue()), problems::toString);
    }
  }

  @Test
  void overlappingRangesAreRefused() {
    assertThrows(
        ConfigException.class,
        () -> places.read(DOMAIN + "idmap_range = 200000-2100000000\n"),
        "both ends belong to a range");
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> places.read(DOMAIN + "[b.example]\nidmap_range = 4000000000-4100000000\n"));
    assertTrue(e.getMessage().contains("[b.example]"), e.getMessage());
  }

  @Test
  void theLogonScriptsAppIsTheDomainsOwnUnlessNamed() throws Exception {
    EffectiveConfig effective =
        places.read(
            DOMAIN
                + "app_id = g\n[example.org]\napp_id = d\n[b.example]\nlogon_token_app_id = l\n");
    assertEquals("d", effective.domains().get("example.org").get("logon.token.app.id"));
    assertEquals("l", effective.domains().get("b.example").get("logon.token.app.id"));
    assertEquals("g", effective.global().get("logon.token.app.id"));
  }

  @Test
  void theOldNameOfTheSoftStoreIsTheDefault() throws Exception {
    var effective = places.read(DOMAIN + "hsm_type = soft\n");
    assertEquals("tpm_bound_soft_if_possible", effective.global().get("hsm.type"));
    assertTrue(
        effective.warnings().stream().anyMatch(line -> line.contains("hsm_type = soft is the old")),
        effective.warnings().toString());
  }

  @Test
  void aTokenMayKeepTheKeys() throws Exception {
    var effective = places.read(DOMAIN + "hsm_type = pkcs11\npkcs11_module = /lib/token.so\n");
    assertEquals("pkcs11", effective.global().get("hsm.type"));
    assertEquals("/lib/token.so", effective.global().get("pkcs11.module"));
    assertEquals("", effective.global().get("pkcs11.slot"));
    assertEquals("/var/lib/himmelblaud/pkcs11-pin", effective.global().get("pkcs11.pin.path"));
    assertEquals(List.of(), effective.warnings());
  }

  @Test
  void theEnvironmentNamesThePinFile() throws Exception {
    places.put(places.administrator(), DOMAIN + "hsm_pin_path = /file\n");
    Map<String, String> environment = Map.of("HIMMELBLAU_HSM_PIN_PATH", "/environment");
    EffectiveConfig effective =
        new ConfigReader(places.layers(), environment, ShippedOptions::catalog).read();
    assertEquals("/environment", effective.global().get("hsm.pin.path"));
  }

  @Test
  void whatGlobalSetsItselfIsListed() throws Exception {
    EffectiveConfig effective = places.read(DOMAIN + "allow_console_password_only = true\n");
    assertArrayEquals(
        new String[] {"allow_console_password_only", "domain"},
        items(effective.global(), "set.options"));
  }

  @Test
  void theDumpShowsWhereValuesComeFrom() throws Exception {
    List<String> lines =
        ConfigDump.lines(places.read(DOMAIN + "[example.org]\nshell = /bin/zsh\n"));
    assertTrue(lines.contains("shell = /bin/bash"));
    assertTrue(
        lines.contains("shell = /bin/zsh    # " + places.administrator() + ":4"), lines.toString());
  }
}
