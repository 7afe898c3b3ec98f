package himmelblau.login.internal.conversation;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;
import himmelblau.api.log.Log;

/** QR codes for terminals: half a character cell for each module (host-behaviour 2.6). */
final class QrText {
  private static final Log LOG = Log.of(QrText.class);
  private static final int QUIET = 4; // modules of margin that a reader needs

  private QrText() {}

  /** Lines, each ended by a newline; empty if {@code content} is too long for a QR code. */
  static String of(String content) {
    try {
      return drawn(Encoder.encode(content, ErrorCorrectionLevel.L).getMatrix());
    } catch (WriterException e) {
      LOG.warn("login.qr", "why", "the address is too long");
      return "";
    }
  }

  private static String drawn(ByteMatrix modules) {
    StringBuilder text = new StringBuilder();
    for (int y = -QUIET; y < modules.getHeight() + QUIET; y += 2) {
      for (int x = -QUIET; x < modules.getWidth() + QUIET; x++) {
        text.append(block(dark(modules, x, y), dark(modules, x, y + 1)));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static char block(boolean upper, boolean lower) {
    if (upper) {
      return lower ? '\u2588' : '\u2580';
    }
    return lower ? '\u2584' : ' ';
  }

  private static boolean dark(ByteMatrix modules, int x, int y) {
    return x >= 0
        && y >= 0
        && x < modules.getWidth()
        && y < modules.getHeight()
        && modules.get(x, y) == 1;
  }
}
