package himmelblau.socket.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The options of {@code himmelblau.global} that the sockets use. */
@ObjectClassDefinition(name = "Sockets")
public @interface SocketOptions {
  @AttributeDefinition(
      description = "Sign-in socket; the lookup and admin sockets are in the same directory")
  String socket_path() default "/run/himmelblaud/socket";

  @AttributeDefinition(description = "Socket that the root helper connects to")
  String task_socket_path() default "/run/himmelblaud/task_sock";

  @AttributeDefinition(description = "Socket that session brokers connect to")
  String broker_socket_path() default "/run/himmelblaud/broker_sock";

  @AttributeDefinition(description = "Seconds to wait for a sign-in service that is not running")
  long connection_timeout() default 30;
}
