package himmelblau.mfa.fido2.internal;

import himmelblau.api.login.PamContext;

/**
 * What the greeter's extension knows a text by, to show a picture of a key with it (host-behaviour
 * 2.6). Elsewhere it would be shown to the user.
 */
enum GreeterMark {
  INSERT("[FIDO_INSERT] "),
  TOUCH("[FIDO_TOUCH] ");

  private final String mark;

  GreeterMark(String mark) {
    this.mark = mark;
  }

  String on(String text, PamContext context) {
    return context.graphical() ? mark + text : text;
  }
}
