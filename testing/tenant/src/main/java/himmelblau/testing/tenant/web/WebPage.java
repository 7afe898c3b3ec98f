package himmelblau.testing.tenant.web;

/** The look of the pages that users see; none of them needs a script. */
public final class WebPage {
  /** The one style sheet, for pages that build their own head. */
  public static final String STYLE =
      """
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <style>
      body{font:16px/1.5 system-ui,sans-serif;color:#1b1b1b;background:#f2f2f2;margin:0}
      main{background:#fff;max-width:26em;margin:8vh auto;padding:2em 2.5em;box-shadow:0 2px 6px #0003}
      h1{font-size:1.5em;font-weight:600;margin:0 0 .6em}
      form{margin:1em 0}
      label{display:block;margin:.8em 0}
      input,button{font:inherit;box-sizing:border-box}
      input:not([type=submit]):not([type=hidden]){width:100%;padding:.45em;border:1px solid #666}
      input[type=submit],button{padding:.45em 1.6em;border:0;background:#0067b8;color:#fff;cursor:pointer}
      input[type=submit]:hover,input[type=submit]:focus{background:#005a9e;outline:2px solid #99c}
      code,#number{font-family:monospace;overflow-wrap:anywhere}
      #number{font-size:2.5em;text-align:center;margin:.3em}
      .error{color:#a80000}
      svg{display:block;margin:1em auto;background:#fff}
      </style>\
      """;

  private WebPage() {}

  /**
   * A whole page.
   *
   * @param title of the window
   * @param body HTML, with all values escaped
   */
  public static Reply reply(String title, String body) {
    return Reply.html(
        200,
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>"
            + Forms.html(title)
            + "</title>\n"
            + STYLE
            + "</head><body><main>"
            + body
            + "</main></body></html>\n");
  }
}
