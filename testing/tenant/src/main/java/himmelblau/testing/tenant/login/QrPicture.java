package himmelblau.testing.tenant.login;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;

/** A QR code as a picture in a page. */
final class QrPicture {
  private static final int QUIET = 4; // modules of margin that a reader needs
  private static final int MODULE = 5; // pixels

  private QrPicture() {}

  /** An SVG element that says {@code content}. */
  static String svg(String content) {
    ByteMatrix modules;
    try {
      modules = Encoder.encode(content, ErrorCorrectionLevel.M).getMatrix();
    } catch (WriterException e) {
      throw new IllegalArgumentException("too long for a QR code: " + content.length(), e);
    }
    StringBuilder path = new StringBuilder();
    for (int y = 0; y < modules.getHeight(); y++) {
      for (int x = 0; x < modules.getWidth(); x++) {
        if (modules.get(x, y) == 1) {
          path.append('M').append(x + QUIET).append(' ').append(y + QUIET).append("h1v1h-1z");
        }
      }
    }
    int across = modules.getWidth() + 2 * QUIET;
    return "<svg role=\"img\" aria-label=\"QR code\" width=\"%2$d\" height=\"%2$d\" viewBox=\"0 0 %1$d %1$d\" shape-rendering=\"crispEdges\"><path d=\"%3$s\"/></svg>"
        .formatted(across, across * MODULE, path);
  }
}
