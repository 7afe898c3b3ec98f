package himmelblau.socket.internal;

import himmelblau.frames.Fields;
import himmelblau.frames.Frame;
import himmelblau.frames.FrameInput;
import himmelblau.frames.FrameOutput;
import himmelblau.frames.Kind;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The other end of a socket under test. */
final class Client implements AutoCloseable {
  final SocketChannel channel;
  private final FrameInput input;
  private final FrameOutput output;

  Client(Path path) throws IOException {
    channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(path));
    input = new FrameInput(channel);
    output = new FrameOutput(channel);
  }

  Client send(Frame frame) throws IOException {
    output.write(frame);
    return this;
  }

  Client sendRaw(byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    return this;
  }

  Client start(int operation, String user, String authtok) throws IOException {
    return send(startFrame(operation, user, authtok));
  }

  /** From a shim that does not know the secret that a change replaces. */
  static Frame startFrame(int operation, String user, String authtok) {
    return startFrame(operation, user, authtok, 3);
  }

  static Frame startFrame(int operation, String user, String authtok, int capabilities) {
    return Frame.of(Kind.START)
        .u32(operation)
        .text(user)
        .text("sshd")
        .text("ssh")
        .text("192.0.2.7")
        .u32(1 | 8 | 32 | 4096)
        .u32(capabilities)
        .text("de_DE.UTF-8")
        .bytes(authtok.getBytes(StandardCharsets.UTF_8))
        .build();
  }

  Client answer(String text) throws IOException {
    return send(Frame.of(Kind.ANSWER).bytes(text.getBytes(StandardCharsets.UTF_8)).build());
  }

  /** The next frame that says more than that START was heard. */
  Frame receive() throws IOException {
    Frame frame = input.read().orElseThrow();
    return frame.kind() == Kind.HEARD ? receive() : frame;
  }

  /** The text of the next frame, which has this kind. */
  String text(int kind) throws IOException {
    return expect(kind).fields().text();
  }

  Frame expect(int kind) throws IOException {
    Frame frame = receive();
    if (frame.kind() != kind) {
      throw new AssertionError(String.format("expected kind 0x%02x, received %s", kind, frame));
    }
    return frame;
  }

  /** The number and texts of END. */
  List<Object> end() throws IOException {
    Fields fields = expect(Kind.END).fields();
    List<Object> all = new ArrayList<>();
    all.add(fields.u32());
    while (fields.left() > 0) {
      all.add(fields.text());
    }
    return all;
  }

  /** Whether the other end has closed, with nothing more to say. */
  boolean closed() {
    try {
      return input.read().isEmpty();
    } catch (IOException e) {
      return true; // reset
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
