package himmelblau.userdb.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import himmelblau.api.directory.Directory;
import himmelblau.api.directory.GroupEntry;
import himmelblau.api.directory.LookupAnswer;
import himmelblau.api.directory.PasswdEntry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserDatabaseTest {
  private static final String INTERFACE = "io.systemd.UserDatabase.";

  private final UserdbFixture world = new UserdbFixture();
  private Optional<Directory> directory = Optional.of(world.directory());
  private final UserDatabase database = new UserDatabase(() -> directory);

  private static JsonObject json(String text) {
    return JsonParser.parseString(text.replace('\'', '"')).getAsJsonObject();
  }

  private List<JsonObject> call(String method, String parameters, boolean more) throws CallRefused {
    JsonObject object = json(parameters);
    if (!object.has("service")) {
      object.addProperty("service", "himmelblau");
    }
    return database.call(method, new CallParameters(object), more);
  }

  private JsonObject record(String method, String parameters) throws CallRefused {
    List<JsonObject> replies = call(method, parameters, false);
    assertEquals(1, replies.size());
    assertTrue(replies.get(0).get("incomplete").getAsBoolean());
    return replies.get(0).getAsJsonObject("record");
  }

  private String refusal(String method, String parameters) {
    return assertThrows(CallRefused.class, () -> call(method, parameters, true)).error();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'userName': 'user02'}",
        "{'userName': 'user02@0pndv.onmicrosoft.com'}",
        "{'uid': 773235643}",
        "{'uid': 773235643, 'userName': 'user02'}",
        "{'uid': 773235643, 'userName': null, 'fuzzyNames': null}",
      })
  void aUserIsFoundByEitherKeyAndBoth(String keys) throws Exception {
    assertEquals(
        json(
            """
            {'userName': 'user02', 'aliases': ['user02@0pndv.onmicrosoft.com'],
             'realm': '0pndv.onmicrosoft.com', 'realName': 'User of user02', 'uid': 773235643,
             'gid': 773235643, 'memberOf': ['bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6'],
             'homeDirectory': '/home/user02', 'shell': '/bin/bash', 'disposition': 'regular',
             'service': 'himmelblau'}
            """),
        record("GetUserRecord", keys));
  }

  @Test
  void aGroupIsFoundByGidAndObjectIdAndNeverByDisplayName() throws Exception {
    JsonObject byGid = record("GetGroupRecord", "{'gid': 145696387}");
    assertEquals(
        json(
            """
            {'groupName': 'datengruppe', 'gid': 145696387, 'members': ['user02', 'user01'],
             'disposition': 'regular', 'service': 'himmelblau'}
            """),
        byGid);
    JsonObject byId =
        record("GetGroupRecord", "{'groupName': 'BB845F7F-8f6a-4101-b4c7-8db3cb94c9e6'}");
    assertEquals(UserdbFixture.DATENGRUPPE, byId.remove("aliases").getAsString());
    assertEquals(byGid, byId);
    assertEquals(
        INTERFACE + "NoRecordFound", refusal("GetGroupRecord", "{'groupName': 'datengruppe'}"));
    assertEquals(
        "user02", record("GetGroupRecord", "{'groupName': 'user02'}").get("members").getAsString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'userName': 'user02', 'uid': 680773750} | ConflictingRecordFound",
        "{'userName': 'user02', 'uid': 5} | ConflictingRecordFound",
        "{'userName': 'nobody-here', 'uid': 773235643} | ConflictingRecordFound",
        "{'userName': 'nobody-here', 'uid': 4711} | NoRecordFound",
        "{'userName': 'nobody-here'} | NoRecordFound",
        "{'userName': ''} | NoRecordFound",
        "{'uid': 4711} | NoRecordFound",
        "{'uid': 0} | NoRecordFound",
        "{} | EnumerationNotSupported",
        "{'userName': 'user02', 'service': 'io.systemd.Home'} | BadService",
        "{'userName': 'user02', 'service': null} | BadService",
      })
  void errorsOfUsersAreThoseOfTheSpecification(String parameters, String error) {
    assertEquals(INTERFACE + error, refusal("GetUserRecord", parameters));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'uid': -1} | uid",
        "{'uid': 4294967296} | uid",
        "{'uid': 1e9} | uid",
        "{'uid': 99999999999999999999999999} | uid",
        "{'uid': '773235643'} | uid",
        "{'uid': true} | uid",
        "{'userName': 5} | userName",
        "{'userName': ['user02']} | userName",
        "{'userName': 'user02', 'fuzzyNames': ['x']} | fuzzyNames",
        "{'userName': 'user02', 'uidMin': 0} | uidMin",
      })
  void aParameterThatCannotBeIsNamed(String parameters, String name) {
    CallRefused refused =
        assertThrows(CallRefused.class, () -> call("GetUserRecord", parameters, false));
    assertEquals("org.varlink.service.InvalidParameter", refused.error());
    assertEquals(name, refused.parameters().get("parameter").getAsString());
  }

  @Test
  void anEmptyRealNameIsSaidToBeEmpty() throws Exception {
    world.users.add(new PasswdEntry("fresh", 4711, 4711, "", "/home/fresh", "/bin/bash"));
    assertEquals("", record("GetUserRecord", "{'uid': 4711}").get("realName").getAsString());
  }

  @Test
  void groupsConflictAsUsersDo() {
    assertEquals(
        INTERFACE + "ConflictingRecordFound",
        refusal("GetGroupRecord", "{'groupName': 'user02', 'gid': 145696387}"));
    assertEquals(INTERFACE + "EnumerationNotSupported", refusal("GetGroupRecord", "{}"));
    assertEquals(INTERFACE + "BadService", refusal("GetGroupRecord", "{'service': 'x'}"));
  }

  @Test
  void membershipsNameGroupsByObjectId() throws Exception {
    assertEquals(
        List.of(
            json("{'userName': 'user02', 'groupName': 'bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6'}")),
        call("GetMemberships", "{'userName': 'user02@0pndv.onmicrosoft.com'}", true));
    assertEquals(
        List.of(
            json("{'userName': 'user02', 'groupName': 'bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6'}"),
            json("{'userName': 'user01', 'groupName': 'bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6'}")),
        call("GetMemberships", "{'groupName': 'BB845F7F-8F6A-4101-B4C7-8DB3CB94C9E6'}", true));
    assertEquals(
        1,
        call(
                "GetMemberships",
                "{'userName': 'user01', 'groupName': 'bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6'}",
                false)
            .size());
  }

  @Test
  void manyMembershipsAreLeftToTheNssModule() throws Exception {
    world.user("joiner", 300_001);
    world.joined = 200;
    assertEquals(200, call("GetMemberships", "{'userName': 'joiner'}", true).size());
    world.joined = 201;
    assertEquals(INTERFACE + "NoRecordFound", refusal("GetMemberships", "{'userName': 'joiner'}"));
    assertEquals(
        1,
        call(
                "GetMemberships",
                "{'userName': 'joiner', 'groupName': '00000000-0000-4000-8000-0000000000c8'}",
                true)
            .size());
  }

  @Test
  void aGroupThatIsCalledLikeALocalOneIsNoWayIntoThatOne() throws Exception {
    world.groups.set(0, new GroupEntry("sudo", UserdbFixture.GID, List.of("user02")));
    for (JsonObject pair : call("GetMemberships", "{'userName': 'user02'}", true)) {
      assertFalse(pair.get("groupName").getAsString().equals("sudo"));
    }
    assertEquals(INTERFACE + "NoRecordFound", refusal("GetGroupRecord", "{'groupName': 'sudo'}"));
    assertEquals(INTERFACE + "NoRecordFound", refusal("GetMemberships", "{'groupName': 'sudo'}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | EnumerationNotSupported",
        "{'userName': 'nobody-here'} | NoRecordFound",
        "{'groupName': 'datengruppe'} | NoRecordFound",
        "{'groupName': 'user02'} | NoRecordFound",
        "{'userName': 'user02', 'groupName': 'datengruppe'} | NoRecordFound",
        "{'userName': 'user02', 'groupName': 'user01'} | NoRecordFound",
      })
  void errorsOfMemberships(String parameters, String error) {
    assertEquals(INTERFACE + error, refusal("GetMemberships", parameters));
  }

  @Test
  void manyRepliesNeedMore() {
    CallRefused refused =
        assertThrows(
            CallRefused.class, () -> call("GetMemberships", "{'userName': 'user02'}", false));
    assertEquals("org.varlink.service.ExpectedMore", refused.error());
  }

  @Test
  void nothingThatIsTheHostsOwnIsServed() {
    for (long id : new long[] {0, 999, 60_001, 65_534, 65_535, 4_294_967_295L}) {
      world.user("impostor" + id, id);
      assertEquals(INTERFACE + "NoRecordFound", refusal("GetUserRecord", "{'uid': " + id + "}"));
      assertEquals(
          INTERFACE + "NoRecordFound",
          refusal("GetUserRecord", "{'userName': 'impostor" + id + "'}"));
      assertEquals(INTERFACE + "NoRecordFound", refusal("GetGroupRecord", "{'gid': " + id + "}"));
    }
    world.user("keeper", 1000);
    world.mapped.add("keeper");
    assertEquals(INTERFACE + "NoRecordFound", refusal("GetUserRecord", "{'userName': 'keeper'}"));
    assertEquals(INTERFACE + "NoRecordFound", refusal("GetUserRecord", "{'uid': 1000}"));
  }

  @Test
  void whatIsNotKnownIsNotDenied() {
    for (LookupAnswer<?> answer :
        List.of(new LookupAnswer.TryAgain<>(), new LookupAnswer.Unavailable<>())) {
      world.instead = answer;
      assertEquals(INTERFACE + "ServiceNotAvailable", refusal("GetUserRecord", "{'uid': 4711}"));
      assertEquals(INTERFACE + "ServiceNotAvailable", refusal("GetGroupRecord", "{'gid': 4711}"));
      assertEquals(
          INTERFACE + "ServiceNotAvailable", refusal("GetMemberships", "{'userName': 'user02'}"));
    }
    directory = Optional.empty();
    assertEquals(INTERFACE + "ServiceNotAvailable", refusal("GetUserRecord", "{'uid': 4711}"));
  }

  @Test
  void anUnknownMethodIsNamed() {
    CallRefused refused = assertThrows(CallRefused.class, () -> call("DeleteUser", "{}", false));
    assertEquals("org.varlink.service.MethodNotFound", refused.error());
    assertEquals(INTERFACE + "DeleteUser", refused.parameters().get("method").getAsString());
  }
}
