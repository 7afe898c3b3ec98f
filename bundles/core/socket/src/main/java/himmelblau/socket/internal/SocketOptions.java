package himmelblau.socket.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What the sockets read from {@code himmelblau.global}. */
@ObjectClassDefinition(name = "Sockets")
public @interface SocketOptions {
  @AttributeDefinition(description = "Sign-in socket; lookup and admin stand beside it")
  String socket_path() default "/run/himmelblaud/socket";

  @AttributeDefinition(description = "Where the root helper connects")
  String task_socket_path() default "/run/himmelblaud/task_sock";

  @AttributeDefinition(description = "Seconds to wait for a sign-in service that is not there")
  long connection_timeout() default 30;
}
