package himmelblau.userdb.internal;

import com.google.gson.JsonObject;

/** A call that is answered with an error of its interface or of org.varlink.service. */
final class CallRefused extends Exception {
  private static final long serialVersionUID = 1L;
  private static final String SERVICE = "org.varlink.service.";

  private final String error;
  private final transient JsonObject parameters;

  private CallRefused(String error, JsonObject parameters) {
    super(error, null, false, false); // an answer, not a failure: no stack trace
    this.error = error;
    this.parameters = parameters;
  }

  /** An error of io.systemd.UserDatabase. */
  static CallRefused database(String name) {
    return new CallRefused(UserDatabase.INTERFACE + "." + name, new JsonObject());
  }

  static CallRefused invalid(String parameter) {
    return service("InvalidParameter", "parameter", parameter);
  }

  static CallRefused expectedMore() {
    return new CallRefused(SERVICE + "ExpectedMore", new JsonObject());
  }

  static CallRefused noMethod(String method) {
    return service("MethodNotFound", "method", method);
  }

  static CallRefused noInterface(String name) {
    return service("InterfaceNotFound", "interface", name);
  }

  private static CallRefused service(String error, String key, String value) {
    JsonObject parameters = new JsonObject();
    parameters.addProperty(key, value);
    return new CallRefused(SERVICE + error, parameters);
  }

  String error() {
    return error;
  }

  JsonObject parameters() {
    return parameters;
  }
}
